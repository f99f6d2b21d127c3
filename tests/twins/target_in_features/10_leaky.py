import polars as pl
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

orders = pl.read_csv("orders.csv")
orders = orders.with_columns((pl.col("revenue") / pl.col("items")).alias("price_per_item"))  # LEAK
X = orders.drop("revenue")
y = orders["revenue"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
print(RandomForestRegressor().fit(X_train, y_train).score(X_test, y_test))
