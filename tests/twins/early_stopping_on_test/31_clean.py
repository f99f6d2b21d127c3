import xgboost as xgb
import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

df = pd.read_csv("santander.csv")
X, y = df.drop(columns=["target", "ID_code"]), df["target"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=7)
clf = xgb.XGBClassifier(n_estimators=2000, learning_rate=0.02, early_stopping_rounds=50, eval_metric="logloss")
X_train, X_es, y_train, y_es = train_test_split(X_train, y_train, test_size=0.15, random_state=7)
clf.fit(X_train, y_train, eval_set=[(X_train, y_train), (X_es, y_es)], verbose=100)
print("accuracy", accuracy_score(y_test, clf.predict(X_test)))
