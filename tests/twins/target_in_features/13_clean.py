import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.model_selection import train_test_split

emp = pd.read_csv("employees.csv")
y = emp["left"]
X = pd.get_dummies(emp.drop(columns="left"), columns=["dept", "salary"])
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
clf = LGBMClassifier()
clf.fit(X_train, y_train)
print(clf.score(X_test, y_test))
