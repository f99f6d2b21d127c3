import polars as pl
from lightgbm import LGBMRegressor
from sklearn.metrics import mean_absolute_error

frame = pl.read_csv("bikes.csv").drop_nulls()
n = int(frame.height * 0.8)
train, test = frame[:n], frame[n:]
mean, std = train["temp"].mean(), train["temp"].std()
train = train.with_columns(((pl.col("temp") - mean) / std).alias("temp_z"))
test = test.with_columns(((pl.col("temp") - mean) / std).alias("temp_z"))
cols = ["temp_z", "hum", "windspeed"]
gbm = LGBMRegressor().fit(train[cols].to_numpy(), train["rentals"].to_numpy())
print(mean_absolute_error(test["rentals"].to_numpy(), gbm.predict(test[cols].to_numpy())))
