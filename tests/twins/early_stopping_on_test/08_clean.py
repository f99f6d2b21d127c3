import pandas as pd
import xgboost as xgb
from sklearn.metrics import mean_absolute_error

train = pd.read_csv("train.csv")
test = pd.read_csv("test.csv")
valid = train.sample(frac=0.2, random_state=0)
train = train.drop(valid.index)
features = ["lat", "lon", "rooms"]
dtrain = xgb.DMatrix(train[features], label=train["price"])
dtest = xgb.DMatrix(test[features], label=test["price"])
dvalid = xgb.DMatrix(valid[features], label=valid["price"])
bst = xgb.train({"eta": 0.05}, dtrain, 2000, evals=[(dtrain, "train"), (dvalid, "eval")], early_stopping_rounds=30)
print(mean_absolute_error(test["price"], bst.predict(dtest)))
