import numpy as np
import pandas as pd
from category_encoders import LeaveOneOutEncoder
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold

clicks = pd.read_csv("clicks.csv")
y = clicks["clicked"]
X = clicks[["site", "device", "banner_pos"]]

losses = []
for fold, (tr, va) in enumerate(KFold(n_splits=5, shuffle=True, random_state=8).split(X)):
    X_tr, X_va = X.iloc[tr], X.iloc[va]
    y_tr, y_va = y.iloc[tr], y.iloc[va]
    enc = LeaveOneOutEncoder(cols=["site", "device"], sigma=0.05)
    X_tr = enc.fit_transform(X_tr, y_tr)
    X_va = enc.transform(X_va)
    lr = LogisticRegression().fit(X_tr, y_tr)
    losses.append(log_loss(y_va, lr.predict_proba(X_va)[:, 1]))
    print(f"fold {fold}: {losses[-1]:.4f}")
print("mean log loss", np.mean(losses))
