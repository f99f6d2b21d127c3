import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import TargetEncoder

policies = pd.read_csv("policies.csv")
y = policies["claimed"]
X = policies[["region", "vehicle", "agent"]]
encoder = TargetEncoder(smooth="auto")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)
X_train = encoder.fit_transform(X_train, y_train)
X_test = encoder.transform(X_test)
lr = LogisticRegression().fit(X_train, y_train)
print(roc_auc_score(y_test, lr.predict_proba(X_test)[:, 1]))
