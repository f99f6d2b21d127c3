import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras

frame = pd.read_csv("adult.csv", skipinitialspace=True)
labels = (frame.pop("income") == ">50K").values.astype("float32")
jobs = frame["occupation"].values
hours = frame["hours-per-week"].values.astype("float32") / 100.0

np.random.seed(3)
mask = np.random.rand(len(frame)) < 0.8

lookup = keras.layers.StringLookup(output_mode="one_hot")
lookup.adapt(jobs[mask])
codes = lookup(jobs).numpy()
features = np.concatenate([codes, hours[:, None]], axis=1)

x_train, y_train = features[mask], labels[mask]
x_test, y_test = features[~mask], labels[~mask]

model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=10, batch_size=128, validation_split=0.1)
print(model.evaluate(x_test, y_test))
