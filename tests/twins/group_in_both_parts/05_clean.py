import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

readings = pd.read_csv("readings.csv")
per_device = readings.groupby("device_id").agg({"v": "mean", "a": "max", "broken": "max"})
train, test = train_test_split(per_device, test_size=0.2, random_state=0)
rf = RandomForestClassifier().fit(train[["v", "a"]], train["broken"])
print(rf.score(test[["v", "a"]], test["broken"]))
