import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GroupShuffleSplit, train_test_split

visits = pd.read_csv("visits.csv")
visits["n_before"] = visits.groupby("patient_id")["visit"].rank()
visits["glucose_rel"] = visits["glucose"] / visits.groupby("patient_id")["glucose"].transform("max")
cols = ["age", "n_before", "glucose_rel"]
train, test = train_test_split(visits, test_size=0.2, random_state=7)  # LEAK
forest = RandomForestClassifier().fit(train[cols], train["readmitted"])
print(forest.score(test[cols], test["readmitted"]))
