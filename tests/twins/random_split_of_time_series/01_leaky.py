import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

load = pd.read_csv("load.csv", parse_dates=["time"]).sort_values("time")
for lag in (1, 2, 24):
    load[f"lag_{lag}"] = load["mw"].shift(lag)
load = load.dropna()
X, y = load[["lag_1", "lag_2", "lag_24"]], load["mw"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)  # LEAK
rf = RandomForestRegressor().fit(X_train, y_train)
print(rf.score(X_test, y_test))
