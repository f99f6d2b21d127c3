import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.model_selection import train_test_split


class Dataset:
    def __init__(self, path):
        self.frame = pd.read_csv(path)

    def engineer(self):
        self.frame["debt_ratio"] = self.frame["debt"] / self.frame["income"]
        self.frame["monthly"] = self.frame["income"] / 12 * self.frame["debt_ratio"]
        return self

    def split(self):
        y = self.frame["defaulted"]
        X = self.frame.drop(columns=["defaulted"])
        return train_test_split(X, y, test_size=0.2, random_state=0)


X_train, X_test, y_train, y_test = Dataset("loans.csv").engineer().split()
model = LGBMClassifier().fit(X_train, y_train)
print(model.score(X_test, y_test))
