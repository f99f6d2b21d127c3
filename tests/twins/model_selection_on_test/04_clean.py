import optuna
import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_score, train_test_split

df = pd.read_csv("clicks.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="click"), df["click"], random_state=0)


def objective(trial):
    params = {
        "max_depth": trial.suggest_int("max_depth", 2, 10),
        "learning_rate": trial.suggest_float("learning_rate", 1e-3, 0.3, log=True),
    }
    model = xgb.XGBClassifier(**params)
    return cross_val_score(model, X_train, y_train, scoring="roc_auc").mean()


study = optuna.create_study(direction="maximize")
study.optimize(objective, n_trials=50)
best = xgb.XGBClassifier(**study.best_params).fit(X_train, y_train)
print(roc_auc_score(y_test, best.predict_proba(X_test)[:, 1]))
