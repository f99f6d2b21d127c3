import pandas as pd
import xgboost as xgb
from sklearn.metrics import mean_squared_error

rides = pd.read_csv("rides.csv").dropna()
train = rides.sample(frac=0.8, random_state=200)
test = rides.drop(train.index)
features = ["distance_km", "passengers", "hour", "weekday"]
dtrain = xgb.DMatrix(train[features], label=train["fare"])
dtest = xgb.DMatrix(test[features], label=test["fare"])
params = {"objective": "reg:squarederror", "max_depth": 5, "eta": 0.1}
bst = xgb.train(params, dtrain, num_boost_round=200)
rmse = mean_squared_error(test["fare"], bst.predict(dtest)) ** 0.5
print("rmse", rmse)
