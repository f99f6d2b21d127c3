import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

loans = pl.read_csv("loans.csv").sample(fraction=1.0, shuffle=True, seed=7)
n = int(loans.height * 0.75)

loans = loans.with_columns(pl.col("income").fill_null(pl.col("income").median()))  # LEAK
train, test = loans[:n], loans[n:]

features = ["income", "amount", "term", "age"]
model = HistGradientBoostingClassifier()
model.fit(train.select(features).to_numpy(), train["default"].to_numpy())
proba = model.predict_proba(test.select(features).to_numpy())[:, 1]
print(roc_auc_score(test["default"].to_numpy(), proba))
