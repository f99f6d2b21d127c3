import pandas as pd
from catboost import CatBoostClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

frame = pd.read_csv("policies.csv")
y = frame.pop("claim")
X_train, X_test, y_train, y_test = train_test_split(frame, y, test_size=0.25, random_state=3)
X_train, X_eval, y_train, y_eval = train_test_split(X_train, y_train, test_size=0.2, random_state=3)
model = CatBoostClassifier(iterations=3000, od_type="Iter", od_wait=100, verbose=200)
model.fit(X_train, y_train, eval_set=(X_eval, y_eval), use_best_model=True)
print("AUC", roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))
