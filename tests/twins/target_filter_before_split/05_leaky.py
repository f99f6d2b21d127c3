import pandas as pd
import xgboost as xgb
from sklearn.model_selection import train_test_split


class HousePrices:
    def __init__(self, path):
        self.df = pd.read_csv(path)

    def clean(self):
        self.df = self.df[self.df["SalePrice"] > 0]
        self.df = self.df[self.df["SalePrice"] <= 450000]  # LEAK

    def split(self):
        y = self.df["SalePrice"]
        X = self.df.drop(columns=["SalePrice"])
        return train_test_split(X, y, test_size=0.2, random_state=42)


hp = HousePrices("train.csv")
hp.clean()
X_train, X_test, y_train, y_test = hp.split()
model = xgb.XGBRegressor().fit(X_train, y_train)
print(model.score(X_test, y_test))
