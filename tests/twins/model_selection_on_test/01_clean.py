import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.svm import SVC

df = pd.read_csv("cells.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="kind"), df["kind"], random_state=0)
models = {"lr": LogisticRegression(), "rf": RandomForestClassifier(), "svc": SVC()}
results = {}
for name, model in models.items():
    model.fit(X_train, y_train)
    results[name] = cross_val_score(model, X_train, y_train).mean()
best = max(results, key=results.get)
print("test", accuracy_score(y_test, models[best].predict(X_test)))
print("best model:", best, results[best])
