import pandas as pd
import xgboost as xgb
from sklearn.model_selection import train_test_split


def load(path):
    bikes = pd.read_csv(path)
    bikes["count"] = bikes["casual"] + bikes["registered"]
    return bikes


bikes = load("hour.csv")
features = ["temp", "hum", "windspeed", "casual"]
train, test = train_test_split(bikes, random_state=2)
model = xgb.XGBRegressor()
model.fit(train[features], train["count"])
print(model.score(test[features], test["count"]))
