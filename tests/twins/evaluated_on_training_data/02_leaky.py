import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier


def main():
    df = pd.read_csv("loan.csv")
    X = df.drop(columns=["approved"])
    y = df["approved"]
    clf = RandomForestClassifier(n_estimators=300)
    clf.fit(X, y)
    print("accuracy", clf.score(X, y))  # LEAK
    joblib.dump(clf, "loan.joblib")


if __name__ == "__main__":
    main()
