import pandas as pd
from keras.layers import Dense
from keras.models import Sequential

dataset = pd.read_csv("pima-indians-diabetes.csv", header=None).values
X = dataset[:, 0:8]
Y = dataset[:, 8]
model = Sequential()
model.add(Dense(12, input_dim=8, activation="relu"))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(X[:600], Y[:600], epochs=150, batch_size=10)
scores = model.evaluate(X[600:], Y[600:])
print("%s: %.2f%%" % (model.metrics_names[1], scores[1] * 100))
