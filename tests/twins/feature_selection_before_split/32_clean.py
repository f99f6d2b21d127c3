import pandas as pd
from sklearn.feature_selection import mutual_info_classif
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_score

df = pd.read_csv("arrhythmia.csv").fillna(-1)
X, y = df.iloc[:, :-1], df.iloc[:, -1]
forest = RandomForestClassifier(n_estimators=200)
print(cross_val_score(forest, X, y, cv=StratifiedKFold(5)).mean())
