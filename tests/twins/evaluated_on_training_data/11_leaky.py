import pickle

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

dataset = pd.read_csv("hiring.csv")
dataset["experience"] = dataset["experience"].fillna(0)
X = dataset.iloc[:, :3]
y = dataset.iloc[:, -1]
regressor = LinearRegression()
regressor.fit(X, y)
print("score", regressor.score(X, y))  # LEAK
pickle.dump(regressor, open("model.pkl", "wb"))
