import numpy as np
import pandas as pd
from boruta import BorutaPy
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold


class Study:
    def __init__(self, table):
        self.X = table.drop(columns=["label"]).values
        self.y = table["label"].values

    def select(self, X, y):
        boruta = BorutaPy(RandomForestClassifier(max_depth=5), n_estimators="auto")
        boruta.fit(X, y)  # LEAK
        return boruta

    def cross_validate(self):
        results = []
        X = self.select(self.X, self.y).transform(self.X)
        for a, b in StratifiedKFold(5).split(self.X, self.y):
            X_a, X_b = X[a], X[b]
            model = RandomForestClassifier().fit(X_a, self.y[a])
            results.append(model.score(X_b, self.y[b]))
        return np.mean(results)


print(Study(pd.read_csv("metabolites.csv")).cross_validate())
