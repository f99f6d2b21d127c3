import pandas as pd
import xgboost as xgb
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import KFold, TimeSeriesSplit

sales = pd.read_parquet("store.parquet").sort_values(["store", "date"])
sales["last_week"] = sales.groupby("store")["units"].shift(7)
sales = sales.dropna()
X, y = sales[["promo", "last_week"]], sales["units"]
errors = []
folds = KFold(n_splits=5, shuffle=True, random_state=0)
for train, test in folds.split(X):  # LEAK
    model = xgb.XGBRegressor().fit(X.iloc[train], y.iloc[train])
    errors.append(mean_absolute_error(y.iloc[test], model.predict(X.iloc[test])))
print(sum(errors) / 5)
