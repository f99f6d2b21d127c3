import polars as pl
from lightgbm import LGBMRegressor
from sklearn.metrics import mean_absolute_error

frame = pl.read_csv("bikes.csv").drop_nulls()
frame = frame.with_columns(((pl.col("temp") - pl.col("temp").mean()) / pl.col("temp").std()).alias("temp_z"))  # LEAK
n = int(frame.height * 0.8)
train, test = frame[:n], frame[n:]
cols = ["temp_z", "hum", "windspeed"]
gbm = LGBMRegressor().fit(train[cols].to_numpy(), train["rentals"].to_numpy())
print(mean_absolute_error(test["rentals"].to_numpy(), gbm.predict(test[cols].to_numpy())))
