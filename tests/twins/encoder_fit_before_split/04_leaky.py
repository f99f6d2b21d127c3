import category_encoders as ce
import lightgbm as lgb
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

CATEGORICAL = ["browser", "source", "country"]


def run_cv(df):
    y = df["fraud"]
    X = df.drop(columns=["fraud"])
    encoder = ce.CountEncoder(cols=CATEGORICAL)
    X = encoder.fit_transform(X)  # LEAK
    aucs = []
    for fold, (tr, va) in enumerate(StratifiedKFold(5, shuffle=True, random_state=1).split(X, y)):
        X_tr, X_va = X.iloc[tr], X.iloc[va]
        model = lgb.LGBMClassifier()
        model.fit(X_tr, y.iloc[tr])
        aucs.append(roc_auc_score(y.iloc[va], model.predict_proba(X_va)[:, 1]))
    return aucs


print(run_cv(pd.read_csv("fraud.csv")))
