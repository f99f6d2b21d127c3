import pandas as pd
from sklearn.metrics import classification_report
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def read():
    table = pd.read_csv("wbc.csv")
    return table.drop(columns=["id", "diagnosis"]), table["diagnosis"]


pipeline = Pipeline([("scale", StandardScaler()), ("svc", SVC())])
X, y = read()
pipeline.fit(X, y)
print(classification_report(y, pipeline.predict(X)))  # LEAK
