import pandas as pd
from sklearn.ensemble import RandomForestRegressor

demand = pd.read_csv("demand.csv", parse_dates=["date"]).sort_values("date")
demand["yesterday"] = demand["units"].shift(1)
demand["neighbour"] = demand["units"].shift(-1)  # LEAK
demand = demand.dropna()
train, test = demand[:-30], demand[-30:]
cols = ["yesterday", "neighbour", "price"]
model = RandomForestRegressor().fit(train[cols], train["units"])
print(model.score(test[cols], test["units"]))
