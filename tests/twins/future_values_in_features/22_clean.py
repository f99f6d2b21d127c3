import pandas as pd
import xgboost as xgb
from sklearn.metrics import mean_absolute_error

stores = pd.read_csv("sales.csv", parse_dates=["date"]).sort_values(["store", "date"])
by_store = stores.groupby("store")["sales"]
stores["sales_yesterday"] = by_store.shift(1)
stores["sales_last_week"] = by_store.shift(7)
stores = stores.dropna()
cols = ["sales_yesterday", "sales_last_week", "promo"]
past, later = stores[stores["date"] < "2015-06-01"], stores[stores["date"] >= "2015-06-01"]
model = xgb.XGBRegressor(n_estimators=500).fit(past[cols], past["sales"])
print(mean_absolute_error(later["sales"], model.predict(later[cols])))
