import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold


class Evaluator:
    def __init__(self, X, y):
        self.X, self.y = X, y

    def run(self):
        scores = []
        clf = LogisticRegression(max_iter=300).fit(self.X, self.y)  # LEAK
        for train, test in KFold(10).split(self.X):
            scores.append(clf.score(self.X[test], self.y[test]))
        return float(np.mean(scores))


print(Evaluator(np.load("x.npy"), np.load("y.npy")).run())
