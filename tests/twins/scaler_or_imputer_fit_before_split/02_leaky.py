import argparse

import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split


def load(path):
    frame = pd.read_csv(path, parse_dates=["built"])
    frame["age"] = 2024 - frame["built"].dt.year
    return frame.drop(columns=["built"])


def clean(frame):
    numeric = frame.drop(columns="rent").columns
    imputer = SimpleImputer(strategy="median")
    frame[numeric] = imputer.fit_transform(frame[numeric])  # LEAK
    return frame


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="flats.csv")
    args = parser.parse_args()
    frame = clean(load(args.data))
    train, test = train_test_split(frame, test_size=0.25, random_state=1)
    model = RandomForestRegressor(random_state=0)
    model.fit(train.drop(columns="rent"), train["rent"])
    print("r2", model.score(test.drop(columns="rent"), test["rent"]))


if __name__ == "__main__":
    main()
