"""Train a churn model: config driven."""

import joblib
import pandas as pd
import yaml
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def build_preprocessor(numeric, categorical):
    return ColumnTransformer(
        [
            ("num", Pipeline([("impute", SimpleImputer()), ("scale", StandardScaler())]), numeric),
            ("cat", OneHotEncoder(handle_unknown="ignore"), categorical),
        ]
    )


def train(config):
    df = pd.read_csv(config["data"])
    y = df[config["target"]]
    X = df.drop(columns=[config["target"]])
    preprocessor = build_preprocessor(config["numeric"], config["categorical"])
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=config["test_size"])
    model = Pipeline([("prep", preprocessor), ("clf", LogisticRegression(max_iter=500))])
    model.fit(X_train, y_train)
    print(classification_report(y_test, model.predict(X_test)))
    joblib.dump(model, config["out"])


if __name__ == "__main__":
    with open("config.yaml") as handle:
        train(yaml.safe_load(handle))
