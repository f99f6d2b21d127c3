import mlflow
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import r2_score

with mlflow.start_run():
    frame = pd.read_parquet("energy.parquet")
    y = frame.pop("kwh")
    model = HistGradientBoostingRegressor()
    model.fit(frame.iloc[:-720], y.iloc[:-720])
    mlflow.log_metric("r2", r2_score(y.iloc[-720:], model.predict(frame.iloc[-720:])))
    mlflow.sklearn.log_model(model, "model")
