import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

heart = pd.read_csv("heart.csv")
X_train, X_test, y_train, y_test = train_test_split(heart.drop("target", axis=1), heart["target"], test_size=0.2, random_state=0)
models = [("LR", LogisticRegression(max_iter=1000)), ("NB", GaussianNB()), ("KNN", KNeighborsClassifier()), ("RF", RandomForestClassifier())]
results = []
for name, model in models:
    results.append((name, cross_val_score(model, X_train, y_train, scoring="f1").mean(), model))
table = pd.DataFrame(results, columns=["model", "f1", "object"]).sort_values("f1", ascending=False)
best = table.iloc[0]
print(table[["model", "f1"]])
print("winner", best["model"], f1_score(y_test, best["object"].fit(X_train, y_train).predict(X_test)))
