import pandas as pd
import xgboost as xgb
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

df = pd.read_csv("otto.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns=["target"]), df["target"], random_state=0)
model = xgb.XGBClassifier(n_estimators=2000, early_stopping_rounds=50)
model.fit(X_train, y_train, eval_set=[(X_test, y_test)], verbose=False)  # LEAK
print(accuracy_score(y_test, model.predict(X_test)))
