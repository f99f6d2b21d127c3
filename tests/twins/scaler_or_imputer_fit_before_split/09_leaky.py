import pandas as pd
import xgboost as xgb
from sklearn.experimental import enable_iterative_imputer  # noqa
from sklearn.impute import IterativeImputer
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import KFold

train_df = pd.read_csv("train.csv")
target = train_df["SalePrice"]
features = train_df.drop(columns=["SalePrice", "Id"]).select_dtypes("number")

imputer = IterativeImputer(random_state=0)
filled = imputer.fit_transform(features)  # LEAK
kf = KFold(n_splits=5, shuffle=True, random_state=0)
errors = []
for train_idx, val_idx in kf.split(filled):
    X_tr, X_va = filled[train_idx], filled[val_idx]
    model = xgb.XGBRegressor(n_estimators=300)
    model.fit(X_tr, target.iloc[train_idx])
    errors.append(mean_absolute_error(target.iloc[val_idx], model.predict(X_va)))
print(sum(errors) / len(errors))
