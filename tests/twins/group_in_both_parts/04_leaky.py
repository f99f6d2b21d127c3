import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split


def load():
    clicks = pd.read_csv("clicks.csv").sort_values(["user_id", "ts"])
    clicks["seen"] = clicks.groupby("user_id").cumcount()
    return clicks


clicks = load()
X, y = clicks[["seen", "hour"]], clicks["bought"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)  # LEAK
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
