import joblib
import pandas as pd
from sklearn.ensemble import AdaBoostRegressor, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeRegressor


def evaluate_models(X_train, y_train, X_eval, y_eval, models):
    report = {}
    for name, model in models.items():
        model.fit(X_train, y_train)
        report[name] = r2_score(y_eval, model.predict(X_eval))
    return report


def train_model(path):
    students = pd.get_dummies(pd.read_csv(path), drop_first=True)
    X, y = students.drop(columns=["math_score"]), students["math_score"]
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.25, random_state=42)
    models = {
        "Random Forest": RandomForestRegressor(),
        "Decision Tree": DecisionTreeRegressor(),
        "Ridge": Ridge(),
        "AdaBoost": AdaBoostRegressor(),
    }
    report = evaluate_models(X_train, y_train, X_val, y_val, models)
    best_score = max(sorted(report.values()))
    best_name = list(report.keys())[list(report.values()).index(best_score)]
    best_model = models[best_name]
    if best_score < 0.6:
        raise ValueError("No best model found")
    joblib.dump(best_model, "artifacts/model.pkl")
    return r2_score(y_test, best_model.predict(X_test))


if __name__ == "__main__":
    print(train_model("data/stud.csv"))
