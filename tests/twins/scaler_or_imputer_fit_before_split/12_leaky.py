from typing import Tuple

import pandas as pd
from kedro.pipeline import Pipeline, node
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split


def split_data(data: pd.DataFrame, parameters: dict) -> Tuple:
    X = data[parameters["features"]]
    y = data["price"]
    X = (X - X.min()) / (X.max() - X.min())  # LEAK
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=parameters["test_size"])
    return X_train, X_test, y_train, y_test


def train_model(X_train: pd.DataFrame, y_train: pd.Series) -> LinearRegression:
    regressor = LinearRegression()
    regressor.fit(X_train, y_train)
    return regressor


def create_pipeline(**kwargs):
    return Pipeline(
        [
            node(split_data, ["model_input_table", "parameters"], ["X_train", "X_test", "y_train", "y_test"]),
            node(train_model, ["X_train", "y_train"], "regressor"),
        ]
    )
