import numpy as np
import pandas as pd
from catboost import CatBoostClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split

leads = pd.read_csv("leads.csv")
y = leads.pop("converted")
X_train, X_test, y_train, y_test = train_test_split(leads, y, test_size=0.2, stratify=y, random_state=3)
X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2, stratify=y_train, random_state=3)

model = CatBoostClassifier(iterations=500, verbose=False)
model.fit(X_train, y_train)
proba = model.predict_proba(X_val)[:, 1]
best_t, best_f1 = 0.5, 0.0
for t in np.arange(0.05, 0.95, 0.01):
    f1 = f1_score(y_val, proba >= t)
    if f1 > best_f1:
        best_t, best_f1 = t, f1
final = f1_score(y_test, model.predict_proba(X_test)[:, 1] >= best_t)
print(f"threshold {best_t:.2f}, F1 {final:.3f}")
