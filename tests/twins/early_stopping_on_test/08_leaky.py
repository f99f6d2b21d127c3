import pandas as pd
import xgboost as xgb
from sklearn.metrics import mean_absolute_error

train = pd.read_csv("train.csv")
test = pd.read_csv("test.csv")
features = ["lat", "lon", "rooms"]
dtrain = xgb.DMatrix(train[features], label=train["price"])
dtest = xgb.DMatrix(test[features], label=test["price"])
bst = xgb.train({"eta": 0.05}, dtrain, 2000, evals=[(dtrain, "train"), (dtest, "eval")], early_stopping_rounds=30)  # LEAK
print(mean_absolute_error(test["price"], bst.predict(dtest)))
