import sys
from dataclasses import dataclass

import dill
import numpy as np
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Lasso
from sklearn.metrics import r2_score
from sklearn.model_selection import cross_val_score


def evaluate_all(models, X_train, y_train, X_test, y_test):
    report = {}
    for name in models:
        model = models[name]
        model.fit(X_train, y_train)
        report[name] = r2_score(y_test, model.predict(X_test))  # LEAK
    return report


@dataclass
class TrainerConfig:
    path: str = "artifacts/model.pkl"


class ModelTrainer:
    def __init__(self):
        self.config = TrainerConfig()

    def initiate(self, train_array, test_array):
        X_train, y_train = train_array[:, :-1], train_array[:, -1]
        X_test, y_test = test_array[:, :-1], test_array[:, -1]
        models = {"lasso": Lasso(), "forest": RandomForestRegressor(), "gb": GradientBoostingRegressor()}
        report = evaluate_all(models, X_train, y_train, X_test, y_test)
        best_score = max(sorted(report.values()))
        best_name = list(report.keys())[list(report.values()).index(best_score)]
        best = models[best_name]
        with open(self.config.path, "wb") as out:
            dill.dump(best, out)
        return r2_score(y_test, best.predict(X_test))


if __name__ == "__main__":
    print(ModelTrainer().initiate(np.load(sys.argv[1]), np.load(sys.argv[2])))
