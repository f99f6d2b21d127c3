import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score


def main():
    df = pd.read_csv("loan.csv")
    X = df.drop(columns=["approved"])
    y = df["approved"]
    clf = RandomForestClassifier(n_estimators=300)
    print("cv accuracy", cross_val_score(clf, X, y).mean())
    clf.fit(X, y)
    print("fit", clf.score(X, y))
    joblib.dump(clf, "loan.joblib")


if __name__ == "__main__":
    main()
