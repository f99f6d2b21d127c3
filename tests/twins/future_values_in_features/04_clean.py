import polars as pl
from sklearn.linear_model import Ridge

weather = pl.read_csv("weather.csv").sort("day")
weather = weather.with_columns(
    pl.col("pressure").shift(1).alias("pressure_1"),
    pl.col("rain").shift(1).alias("rain_1"),
).drop_nulls()
n = int(weather.height * 0.8)
train, test = weather[:n], weather[n:]
features = ["pressure_1", "rain_1"]
ridge = Ridge().fit(train.select(features), train["rain"])
print(ridge.score(test.select(features), test["rain"]))
