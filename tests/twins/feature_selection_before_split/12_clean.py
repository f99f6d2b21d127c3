import pandas as pd
from sklearn.feature_selection import VarianceThreshold, f_classif, SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

expression = pd.read_csv("rna.csv", index_col=0)
labels = pd.read_csv("labels.csv", index_col=0)["class"]


def evaluate(X, y):
    accuracies = []
    for train_index, test_index in StratifiedKFold(5, shuffle=True, random_state=0).split(X, y):
        X_train, X_test = X[train_index], X[test_index]
        y_train, y_test = y[train_index], y[test_index]
        kbest = SelectKBest(f_classif, k=100).fit(X_train, y_train)
        X_train, X_test = kbest.transform(X_train), kbest.transform(X_test)
        model = LogisticRegression(max_iter=1000).fit(X_train, y_train)
        accuracies.append((model.predict(X_test) == y_test).mean())
    return sum(accuracies) / len(accuracies)


X = VarianceThreshold(0.01).fit_transform(expression.values)
print(evaluate(X, labels.values))
