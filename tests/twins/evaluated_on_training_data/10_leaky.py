import mlflow
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import r2_score

with mlflow.start_run():
    frame = pd.read_parquet("energy.parquet")
    y = frame.pop("kwh")
    model = HistGradientBoostingRegressor()
    model.fit(frame, y)
    mlflow.log_metric("r2", r2_score(y, model.predict(frame)))  # LEAK
    mlflow.sklearn.log_model(model, "model")
