import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.metrics import mean_absolute_error

taxi = pd.read_csv("hourly_rides.csv", parse_dates=["hour"]).set_index("hour").sort_index()
frame = pd.concat([taxi["rides"].shift(lag).rename(f"lag{lag}") for lag in range(1, 25)], axis=1)
frame["y"] = taxi["rides"]
frame = frame.dropna()
train, test = frame[frame.index < "2023-01-01"], frame[frame.index >= "2023-01-01"]
model = xgb.XGBRegressor().fit(train.drop(columns="y"), train["y"])
print(mean_absolute_error(test["y"], model.predict(test.drop(columns="y"))))
