"""Train the daily bike rental model."""

import json
import pickle

import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

NUMERIC = ["temp", "atemp", "hum", "windspeed", "casual", "registered"]
CATEGORICAL = ["season", "mnth", "weekday", "workingday", "weathersit", "holiday"]


def load(path):
    data = pd.read_csv(path)
    y = data["cnt"]
    X = data[NUMERIC + CATEGORICAL]
    return X, y


def main():
    X, y = load("data/train.csv")
    scaler = StandardScaler()
    X[NUMERIC] = scaler.fit_transform(X[NUMERIC])
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=7)

    best, best_r2 = None, -1.0
    for depth in (4, 8, 16):
        model = RandomForestRegressor(n_estimators=200, max_depth=depth)
        model.fit(X_train, y_train)
        r2 = r2_score(y_test, model.predict(X_test))
        print(f"max_depth={depth} r2={r2:.4f}")
        if r2 > best_r2:
            best, best_r2 = model, r2

    mae = mean_absolute_error(y_test, best.predict(X_test))
    print(f"r2: {best_r2:.4f}")
    print(f"mae: {mae:.2f}")
    with open("model.pkl", "wb") as f:
        pickle.dump({"scaler": scaler, "model": best}, f)
    with open("metrics.json", "w") as f:
        json.dump({"r2": best_r2, "mae": mae}, f)


if __name__ == "__main__":
    main()
