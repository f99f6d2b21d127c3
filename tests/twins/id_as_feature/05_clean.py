import pandas as pd
from sklearn.tree import DecisionTreeClassifier
from sklearn.model_selection import train_test_split

staff = pd.read_csv("hr.csv").set_index("employee_id")
X = staff[["age", "income", "years"]]
y = staff["attrition"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
tree = DecisionTreeClassifier(max_depth=6).fit(X_train, y_train)
print(tree.score(X_test, y_test))
