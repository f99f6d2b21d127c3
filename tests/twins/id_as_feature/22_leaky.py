import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

patients = pd.read_csv("patients.csv")
features = ["patient_id", "age", "bmi", "systolic", "diastolic"]  # LEAK
X_train, X_test, y_train, y_test = train_test_split(patients[features], patients["diabetic"], test_size=0.2, random_state=0)
clf = XGBClassifier(n_estimators=100).fit(X_train, y_train)
print(roc_auc_score(y_test, clf.predict_proba(X_test)[:, 1]))
