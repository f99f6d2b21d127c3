import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

TARGET = "churned"
frame = pd.read_csv("subscribers.csv")
FEATURES = [c for c in frame.columns if c not in ("msisdn", TARGET)]
train, test = train_test_split(frame, stratify=frame[TARGET], random_state=0)
gb = GradientBoostingClassifier()
gb.fit(train[FEATURES], train[TARGET])
print(roc_auc_score(test[TARGET], gb.predict_proba(test[FEATURES])[:, 1]))
