import lightgbm as lgb
import pandas as pd
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split


def main():
    rides = pd.read_csv("taxi.csv")
    train, test = train_test_split(rides, test_size=0.2, random_state=1)
    cols = ["distance", "hour", "passengers"]
    dtrain = lgb.Dataset(train[cols], label=train["fare"])
    dvalid = lgb.Dataset(test[cols], label=test["fare"], reference=dtrain)
    booster = lgb.train({"objective": "regression"}, dtrain, 5000, valid_sets=[dvalid], callbacks=[lgb.early_stopping(100)])  # LEAK
    print(mean_squared_error(test["fare"], booster.predict(test[cols])))


main()
