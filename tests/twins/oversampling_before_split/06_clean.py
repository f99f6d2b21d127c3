import pandas as pd
from imblearn.over_sampling import BorderlineSMOTE
from lightgbm import LGBMClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


class Pipeline:
    def __init__(self, path):
        self.path = path

    def load(self):
        self.frame = pd.read_csv(self.path)
        return self

    def prepare(self):
        X = self.frame.drop(columns=["outcome"])
        y = self.frame["outcome"]
        self.X_train, self.X_test, self.y_train, self.y_test = train_test_split(X, y, test_size=0.25)
        self.X_train, self.y_train = BorderlineSMOTE().fit_resample(self.X_train, self.y_train)
        return self

    def train(self):
        self.model = LGBMClassifier().fit(self.X_train, self.y_train)
        return roc_auc_score(self.y_test, self.model.predict_proba(self.X_test)[:, 1])


print(Pipeline("diabetes.csv").load().prepare().train())
