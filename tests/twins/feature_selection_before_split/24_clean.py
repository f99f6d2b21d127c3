import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import train_test_split

train_share = 0.8
df = pd.read_csv("train.csv").select_dtypes(include=[np.number]).fillna(0)
train, test = train_test_split(df, train_size=train_share, random_state=77)
corr = train.corr()["SalePrice"].abs().sort_values(ascending=False)
cols = corr[corr > 0.4].index.drop("SalePrice")
print("using", len(cols), "columns:", list(cols))
gbr = GradientBoostingRegressor(n_estimators=300)
gbr.fit(train[cols], train["SalePrice"])
print("R^2:", gbr.score(test[cols], test["SalePrice"]))
