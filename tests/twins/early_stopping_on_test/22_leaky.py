import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

PARAMS = dict(objective="regression", metric="rmse", num_leaves=63, learning_rate=0.03, verbosity=-1)


def split(frame, target):
    features = [c for c in frame.columns if c != target]
    return train_test_split(frame[features], frame[target], test_size=0.15, random_state=2021)


def fit(X_tr, y_tr, X_ev, y_ev):
    train_set = lgb.Dataset(X_tr, y_tr)
    eval_set = lgb.Dataset(X_ev, y_ev, reference=train_set)
    return lgb.train(PARAMS, train_set, num_boost_round=5000, valid_sets=[eval_set], callbacks=[lgb.early_stopping(100)])  # LEAK


frame = pd.read_parquet("energy.parquet")
X_train, X_test, y_train, y_test = split(frame, "consumption")
booster = fit(X_train, y_train, X_test, y_test)  # LEAK
rmse = np.sqrt(mean_squared_error(y_test, booster.predict(X_test, num_iteration=booster.best_iteration)))
print("RMSE", rmse)
