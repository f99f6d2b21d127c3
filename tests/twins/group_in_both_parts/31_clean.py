import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_score

eeg = pd.read_csv("eeg_epochs.csv")
eeg["alpha_norm"] = eeg.groupby("participant_id")["alpha"].transform(lambda s: s - s.iloc[0])
X = eeg[["alpha_norm", "beta", "theta"]]
y = eeg["drowsy"]
cv = GroupKFold(n_splits=5)
print(cross_val_score(LogisticRegression(), X, y, cv=cv, groups=eeg["participant_id"]).mean())
