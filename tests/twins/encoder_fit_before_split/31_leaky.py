import numpy as np
import pandas as pd
from sklearn.naive_bayes import CategoricalNB
from sklearn.model_selection import KFold
from sklearn.preprocessing import OrdinalEncoder

votes = pd.read_csv("votes.csv")
y = votes.pop("party").to_numpy()
codes = OrdinalEncoder().fit_transform(votes)  # LEAK
accuracies = []
for train, test in KFold(10, shuffle=True, random_state=0).split(codes):
    nb = CategoricalNB(min_categories=3).fit(codes[train], y[train])
    accuracies.append((nb.predict(codes[test]) == y[test]).mean())
print(np.mean(accuracies))
