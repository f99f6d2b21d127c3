import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

readings = pd.read_csv("readings.csv")
rows = []
for device_id, part in readings.groupby("device_id"):
    for start in range(0, len(part) - 50, 10):
        chunk = part.iloc[start : start + 50]
        rows.append({"v": chunk["v"].mean(), "a": chunk["a"].max(), "broken": chunk["broken"].max()})
table = pd.DataFrame(rows)
train, test = train_test_split(table, test_size=0.2, random_state=0)  # LEAK
rf = RandomForestClassifier().fit(train[["v", "a"]], train["broken"])
print(rf.score(test[["v", "a"]], test["broken"]))
