import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OrdinalEncoder

df = pd.read_csv("mushrooms.csv")
y = df["class"]
X = df.drop("class", axis=1)
enc = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
X_train = enc.fit_transform(X_train)
X_test = enc.transform(X_test)
rf = RandomForestClassifier(n_estimators=200, random_state=3)
rf.fit(X_train, y_train)
print("accuracy:", rf.score(X_test, y_test))
