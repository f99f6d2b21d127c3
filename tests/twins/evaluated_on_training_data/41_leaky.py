import pandas as pd
from catboost import CatBoostClassifier
from sklearn.metrics import roc_auc_score

df = pd.read_csv("telco.csv")
df["TotalCharges"] = pd.to_numeric(df["TotalCharges"], errors="coerce")
df = df.dropna()
y = (df["Churn"] == "Yes").astype(int)
X = df.drop(columns=["Churn", "customerID"])
cats = list(X.select_dtypes("object").columns)
model = CatBoostClassifier(verbose=False, cat_features=cats)
model.fit(X, y)
df["score"] = model.predict_proba(X)[:, 1]
print("AUC", roc_auc_score(y, df["score"]))  # LEAK
model.save_model("churn.cbm")
