import optuna
import pandas as pd
from lightgbm import LGBMRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import cross_val_score, train_test_split

flats = pd.read_csv("flats.csv")
X, y = flats.drop(columns=["price"]), flats["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)


def objective(trial):
    params = {
        "num_leaves": trial.suggest_int("num_leaves", 15, 255),
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.3, log=True),
        "min_child_samples": trial.suggest_int("min_child_samples", 5, 100),
    }
    model = LGBMRegressor(n_estimators=400, **params)
    return -cross_val_score(model, X_train, y_train, cv=4, scoring="neg_mean_absolute_error").mean()


study = optuna.create_study(direction="minimize")
study.optimize(objective, n_trials=100)
best = LGBMRegressor(n_estimators=400, **study.best_params).fit(X_train, y_train)
print("MAE", mean_absolute_error(y_test, best.predict(X_test)))
