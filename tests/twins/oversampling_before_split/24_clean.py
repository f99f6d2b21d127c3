import pandas as pd
from imblearn.over_sampling import ADASYN
from imblearn.pipeline import Pipeline
from sklearn.model_selection import RepeatedStratifiedKFold, cross_validate
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

pima = pd.read_csv("diabetes.csv")
X = pima.iloc[:, :-1].values
y = pima.iloc[:, -1].values
folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=3, random_state=1)
model = Pipeline([("scale", StandardScaler()), ("over", ADASYN(random_state=1)), ("tree", DecisionTreeClassifier(max_depth=5))])
result = cross_validate(model, X, y, cv=folds, scoring=["f1", "roc_auc"])
for name in ("test_f1", "test_roc_auc"):
    print(name, result[name].mean())
