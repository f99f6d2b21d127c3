import pandas as pd
from imblearn.over_sampling import SMOTE
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from xgboost import XGBClassifier

claims = pd.read_parquet("claims.parquet")
X = claims.drop(columns=["fraud"]).to_numpy()
y = claims["fraud"].to_numpy()
smote = SMOTE(k_neighbors=3)
scores = []
for fold, (tr, te) in enumerate(StratifiedKFold(n_splits=5, shuffle=True).split(X, y), start=1):
    X_tr, y_tr = smote.fit_resample(X[tr], y[tr])
    model = XGBClassifier(eval_metric="logloss")
    model.fit(X_tr, y_tr)
    scores.append(f1_score(y[te], model.predict(X[te])))
    print(f"fold {fold}: {scores[-1]:.3f}")
