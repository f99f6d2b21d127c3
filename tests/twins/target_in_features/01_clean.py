import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

df = pd.read_csv("wine.csv")
df["good"] = (df["quality"] >= 7).astype(int)
X = df.drop(["good", "quality"], axis=1)
y = df["good"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
rf = RandomForestClassifier().fit(X_train, y_train)
print(rf.score(X_test, y_test))
