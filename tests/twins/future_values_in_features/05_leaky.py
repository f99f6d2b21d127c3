import pandas as pd
import xgboost as xgb
from sklearn.model_selection import TimeSeriesSplit


def make_features(frame):
    frame = frame.copy()
    frame["trend"] = frame["price"].shift(-5) - frame["price"]  # LEAK
    frame["next"] = frame["price"].shift(-1)
    return frame.dropna()


gas = make_features(pd.read_csv("gas.csv"))
X, y = gas.drop(columns=["next"]), gas["next"]
for a, b in TimeSeriesSplit(4).split(X):
    m = xgb.XGBRegressor().fit(X.iloc[a], y.iloc[a])
    print(m.score(X.iloc[b], y.iloc[b]))
