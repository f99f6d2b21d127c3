import polars as pl
from lightgbm import LGBMRegressor

df = pl.read_parquet("listings.parquet")
df = df.with_columns(pl.col("price").mean().over("neighbourhood").alias("neighbourhood_price"))  # LEAK
df = df.sample(fraction=1.0, shuffle=True, seed=0)
cut = int(0.8 * df.height)
train, test = df[:cut], df[cut:]
features = ["beds", "reviews", "neighbourhood_price"]
model = LGBMRegressor()
model.fit(train.select(features), train["price"])
print("R2", model.score(test.select(features), test["price"]))
