import pandas as pd
from catboost import CatBoostClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

frame = pd.read_csv("policies.csv")
y = frame.pop("claim")
X_train, X_test, y_train, y_test = train_test_split(frame, y, test_size=0.25, random_state=3)
model = CatBoostClassifier(iterations=3000, od_type="Iter", od_wait=100, verbose=200)
model.fit(X_train, y_train, eval_set=(X_test, y_test), use_best_model=True)  # LEAK
print("AUC", roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))
