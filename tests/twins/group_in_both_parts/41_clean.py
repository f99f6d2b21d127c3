import pandas as pd
import xgboost as xgb
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupShuffleSplit, train_test_split

icu = pd.read_csv("icu_hours.csv").sort_values(["patient_id", "hour"])
icu["hr_delta"] = icu["heart_rate"] - icu.groupby("patient_id")["heart_rate"].transform("first")
icu["n_hours"] = icu.groupby("patient_id").cumcount()
features = ["heart_rate", "hr_delta", "n_hours", "map", "lactate"]
inside, outside = next(GroupShuffleSplit(test_size=0.2, random_state=0).split(icu, groups=icu["patient_id"]))
train, valid = icu.iloc[inside], icu.iloc[outside]
booster = xgb.XGBClassifier(n_estimators=300).fit(train[features], train["sepsis"])
print(f1_score(valid["sepsis"], booster.predict(valid[features])))
