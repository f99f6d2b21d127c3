import argparse

import joblib
import pandas as pd
from sklearn.impute import KNNImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import RobustScaler


class ChurnModel:
    def __init__(self, path, target="churned"):
        self.path = path
        self.target = target
        self.imputer = KNNImputer(n_neighbors=3)
        self.scaler = RobustScaler()
        self.model = LogisticRegression(max_iter=500)

    def load(self):
        frame = pd.read_csv(self.path)
        self.y = frame.pop(self.target)
        self.X = frame
        return self

    def prepare(self):
        X_tr, X_te, self.y_tr, self.y_te = train_test_split(self.X, self.y, stratify=self.y)
        filled = self.imputer.fit_transform(X_tr)
        self.X_tr = self.scaler.fit_transform(filled)
        self.X_te = self.scaler.transform(self.imputer.transform(X_te))
        return self

    def run(self):
        self.model.fit(self.X_tr, self.y_tr)
        scores = self.model.predict_proba(self.X_te)[:, 1]
        print("AUC: %.3f" % roc_auc_score(self.y_te, scores))
        joblib.dump(self.model, "churn.joblib")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--csv", default="data/churn.csv")
    args = parser.parse_args()
    ChurnModel(args.csv).load().prepare().run()
