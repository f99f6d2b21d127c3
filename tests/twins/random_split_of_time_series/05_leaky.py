import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split


def add_lags(frame, column, lags):
    for k in lags:
        frame[f"{column}_{k}"] = frame[column].shift(k)
    return frame.dropna()


def main():
    air = pd.read_csv("air.csv", parse_dates=["date"])
    air = add_lags(air, "pm25", range(1, 8))
    train, test = train_test_split(air, test_size=0.3, random_state=3)  # LEAK
    cols = [c for c in air.columns if c.startswith("pm25_")]
    ridge = Ridge().fit(train[cols], train["pm25"])
    print(ridge.score(test[cols], test["pm25"]))


main()
