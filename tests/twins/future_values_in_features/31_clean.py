import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor

prices = pd.read_csv("spot.csv", parse_dates=["t"]).sort_values("t")
prices["change"] = prices["price"].diff(1).shift(1)
prices["hour"] = prices["t"].dt.hour
prices = prices.dropna()
cut = int(len(prices) * 0.8)
cols = ["change", "hour", "load"]
gbr = GradientBoostingRegressor().fit(prices.iloc[:cut][cols], prices.iloc[:cut]["price"])
print(gbr.score(prices.iloc[cut:][cols], prices.iloc[cut:]["price"]))
