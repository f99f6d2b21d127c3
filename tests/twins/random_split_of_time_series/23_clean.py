import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, TimeSeriesSplit, cross_val_score

demand = pd.read_csv("demand.csv", parse_dates=["date"]).sort_values("date")
for lag in (1, 7, 14):
    demand[f"lag_{lag}"] = demand["units"].shift(lag)
demand["weekday"] = demand["date"].dt.weekday
demand = demand.dropna()
X = demand[["lag_1", "lag_7", "lag_14", "weekday"]]
y = demand["units"]
cv = TimeSeriesSplit(n_splits=5)
scores = cross_val_score(Ridge(), X, y, cv=cv, scoring="neg_mean_absolute_error")
print("MAE", -scores.mean())
