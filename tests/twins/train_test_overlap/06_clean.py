import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

df = pd.read_csv("bids.csv")
features = ["bids", "auctions", "devices"]
X_train, X_test, y_train, y_test = train_test_split(df[features], df["robot"], stratify=df["robot"])
dtrain = xgb.DMatrix(X_train, label=y_train)
dtest = xgb.DMatrix(X_test)
booster = xgb.train({"objective": "binary:logistic"}, dtrain, num_boost_round=200)
print(roc_auc_score(y_test, booster.predict(dtest)))
