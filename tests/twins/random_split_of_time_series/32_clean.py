import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import ShuffleSplit, TimeSeriesSplit


def lag_matrix(series, p):
    return np.column_stack([series[i : len(series) - p + i] for i in range(p)]), series[p:]


sunspots = np.loadtxt("sunspots.txt")
X, y = lag_matrix(sunspots, 12)
splitter = TimeSeriesSplit(n_splits=5)
scores = []
for tr, te in splitter.split(X):
    scores.append(RandomForestRegressor(100).fit(X[tr], y[tr]).score(X[te], y[te]))
print(np.mean(scores))
