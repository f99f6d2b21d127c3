import itertools

import pandas as pd
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split
from sklearn.svm import SVR


def evaluate(model, X, y):
    return mean_absolute_error(y, model.predict(X))


def search(X_train, y_train, X_eval, y_eval):
    best, best_mae = None, float("inf")
    for C, gamma in itertools.product([0.1, 1, 10], ["scale", 0.01]):
        model = SVR(C=C, gamma=gamma).fit(X_train, y_train)
        mae = evaluate(model, X_eval, y_eval)
        if mae < best_mae:
            best, best_mae = model, mae
    return best


df = pd.read_csv("wind.csv")
train, test = train_test_split(df, random_state=0)
train, valid = train_test_split(train, random_state=0)
cols = ["speed", "direction"]
model = search(train[cols], train["power"], valid[cols], valid["power"])
print(evaluate(model, test[cols], test["power"]))
