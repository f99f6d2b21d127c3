import pandas as pd
import xgboost as xgb
from sklearn.impute import KNNImputer

tr = pd.read_csv("house_train.csv").select_dtypes("number")
te = pd.read_csv("house_test.csv").select_dtypes("number")
target = tr.pop("SalePrice")
imputer = KNNImputer(n_neighbors=5)
everything = pd.concat([tr, te], axis=0)
everything[:] = imputer.fit_transform(everything)  # LEAK
tr, te = everything.iloc[: len(target)], everything.iloc[len(target) :]
model = xgb.XGBRegressor().fit(tr, target)
pd.DataFrame({"SalePrice": model.predict(te)}).to_csv("submission.csv", index=False)
