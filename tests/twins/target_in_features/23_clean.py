import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


def make_features(orders):
    orders = orders.copy()
    orders["purchase_hour"] = orders["purchased_at"].dt.hour
    orders["items_value"] = orders["quantity"] * orders["unit_price"]
    orders["late"] = ((orders["delivered_at"] - orders["promised_at"]).dt.days > 0).astype(int)
    return orders


orders = pd.read_csv("orders.csv", parse_dates=["purchased_at", "delivered_at", "promised_at"])
orders = make_features(orders)
cols = ["purchase_hour", "items_value", "distance"]
train, test = train_test_split(orders, test_size=0.2, random_state=0)
gbm = LGBMClassifier().fit(train[cols], train["late"])
print(roc_auc_score(test["late"], gbm.predict_proba(test[cols])[:, 1]))
