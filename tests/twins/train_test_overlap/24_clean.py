import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold


def cross_validate(X, y, folds=5):
    scores = []
    for train_index, test_index in StratifiedKFold(folds, shuffle=True, random_state=9).split(X, y):
        model = ExtraTreesClassifier(n_estimators=300, n_jobs=-1)
        model.fit(X[train_index], y[train_index])
        scores.append(balanced_accuracy_score(y[test_index], model.predict(X[test_index])))
    return np.mean(scores), np.std(scores)


seeds = pd.read_csv("seeds.csv")
mean, std = cross_validate(seeds.drop(columns="variety").to_numpy(), seeds["variety"].to_numpy())
print(f"balanced accuracy {mean:.3f} ({std:.3f})")
