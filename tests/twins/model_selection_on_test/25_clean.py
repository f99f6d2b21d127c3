import itertools

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

X, y = load_breast_cancer(return_X_y=True)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, random_state=0)
X_tr, X_va, y_tr, y_va = train_test_split(X_tr, y_tr, random_state=0)
best_score = -np.inf
for C, gamma in itertools.product([0.1, 1, 10, 100], [1e-4, 1e-3, 1e-2]):
    svm = SVC(C=C, gamma=gamma).fit(X_tr, y_tr)
    score = svm.score(X_va, y_va)
    if score > best_score:
        best_score, best_parameters = score, {"C": C, "gamma": gamma}
print("Best parameters:", best_parameters)
print("Test score: {:.2f}".format(SVC(**best_parameters).fit(X_tr, y_tr).score(X_te, y_te)))
