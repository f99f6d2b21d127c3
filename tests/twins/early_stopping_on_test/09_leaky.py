import numpy as np
from lightgbm import LGBMClassifier, early_stopping
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, train_test_split

X, y = np.load("X.npy"), np.load("y.npy")
X_dev, X_test, y_dev, y_test = train_test_split(X, y, stratify=y, random_state=0)


class Booster:
    def __init__(self, **params):
        self.model = LGBMClassifier(n_estimators=10000, **params)

    def fit(self, X, y, X_stop, y_stop):
        self.model.fit(X, y, eval_set=[(X_stop, y_stop)], callbacks=[early_stopping(50)])  # LEAK
        return self

    def auc(self, X, y):
        return roc_auc_score(y, self.model.predict_proba(X)[:, 1])


booster = Booster(num_leaves=15).fit(X_dev, y_dev, X_test, y_test)
print(booster.auc(X_test, y_test))
