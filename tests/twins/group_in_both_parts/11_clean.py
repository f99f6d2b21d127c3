import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GroupShuffleSplit, train_test_split

visits = pd.read_csv("visits.csv")
visits["n_before"] = visits.groupby("patient_id")["visit"].rank()
visits["glucose_rel"] = visits["glucose"] / visits.groupby("patient_id")["glucose"].transform("max")
cols = ["age", "n_before", "glucose_rel"]
splitter = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=7)
train_idx, test_idx = next(splitter.split(visits, groups=visits["patient_id"]))
train, test = visits.iloc[train_idx], visits.iloc[test_idx]
forest = RandomForestClassifier().fit(train[cols], train["readmitted"])
print(forest.score(test[cols], test["readmitted"]))
