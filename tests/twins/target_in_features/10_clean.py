import polars as pl
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

orders = pl.read_csv("orders.csv")
orders = orders.with_columns((pl.col("weight") / pl.col("items")).alias("weight_per_item"))
X = orders.drop("revenue")
y = orders["revenue"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
print(RandomForestRegressor().fit(X_train, y_train).score(X_test, y_test))
