import numpy as np
import pandas as pd
from tensorflow.keras import layers, models

data = pd.read_csv("pima.csv").to_numpy()
X, y = data[:, :8], data[:, 8]
model = models.Sequential([layers.Dense(12, activation="relu"), layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(X, y, epochs=150, batch_size=10, verbose=0)
_, accuracy = model.evaluate(X, y)  # LEAK
print("Accuracy: %.2f" % (accuracy * 100))
