import pickle

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

dataset = pd.read_csv("hiring.csv")
dataset["experience"] = dataset["experience"].fillna(0)
X = dataset.iloc[:, :3]
y = dataset.iloc[:, -1]
regressor = LinearRegression()
regressor.fit(X[:-20], y[:-20])
print("score", regressor.score(X[-20:], y[-20:]))
regressor.fit(X, y)
pickle.dump(regressor, open("model.pkl", "wb"))
