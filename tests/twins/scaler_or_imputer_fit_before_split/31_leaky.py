from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import SGDRegressor
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


@dataclass
class Split:
    X_train: np.ndarray
    X_test: np.ndarray
    y_train: np.ndarray
    y_test: np.ndarray


def load_split(path):
    df = pd.read_csv(path)
    X, y = df.drop(columns="target").to_numpy(), df["target"].to_numpy()
    scaler = StandardScaler().fit(X)  # LEAK
    X = scaler.transform(X)
    return Split(*train_test_split(X, y, random_state=0))


data = load_split("energy_efficiency.csv")
sgd = SGDRegressor().fit(data.X_train, data.y_train)
print(sgd.score(data.X_test, data.y_test))
