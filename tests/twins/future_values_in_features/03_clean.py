import pandas as pd
from lightgbm import LGBMClassifier

events = pd.read_csv("machine.csv").sort_values(["machine", "hour"])
events["temp_before"] = events.groupby("machine")["temp"].shift(3)
events["fails_soon"] = events.groupby("machine")["failure"].shift(-24).fillna(0)
events = events.dropna()
train = events[events["hour"] < 5000]
test = events[events["hour"] >= 5000]
X_train, y_train = train.drop(columns=["fails_soon", "machine"]), train["fails_soon"]
X_test, y_test = test.drop(columns=["fails_soon", "machine"]), test["fails_soon"]
print(LGBMClassifier().fit(X_train, y_train).score(X_test, y_test))
