import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.tree import DecisionTreeClassifier

zoo = pd.read_csv("zoo.csv").drop(columns=["animal_name"])
X, y = zoo.drop(columns=["class_type"]).values, zoo["class_type"].values
rng = np.random.default_rng(7)
order = rng.permutation(len(X))
cut = int(0.7 * len(X))
train_idx, test_idx = order[:cut], order[cut:]
tree = DecisionTreeClassifier(max_depth=6)
tree.fit(X[train_idx], y[train_idx])
print("accuracy", accuracy_score(y[test_idx], tree.predict(X[test_idx])))
