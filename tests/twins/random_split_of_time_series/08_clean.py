import polars as pl
from lightgbm import LGBMRegressor
from sklearn.model_selection import train_test_split

traffic = pl.read_csv("traffic.csv").sort("hour")
traffic = traffic.with_columns(pl.col("cars").shift(1).alias("cars_before")).drop_nulls()
X = traffic.select("cars_before", "weekday").to_numpy()
y = traffic["cars"].to_numpy()
X_train, X_test, y_train, y_test = train_test_split(X, y, shuffle=False)
print(LGBMRegressor().fit(X_train, y_train).score(X_test, y_test))
