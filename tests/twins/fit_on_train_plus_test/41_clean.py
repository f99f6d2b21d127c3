import pandas as pd
from sklearn.impute import SimpleImputer
from xgboost import XGBRegressor

CONFIG = {"train": "input/train.csv", "test": "input/test_labelled.csv", "target": "y"}


def impute(frames, columns):
    imputer = SimpleImputer(strategy="median")
    imputer.fit(frames[0][columns])
    for frame in frames:
        frame[columns] = imputer.transform(frame[columns])
    return frames


train, test = pd.read_csv(CONFIG["train"]), pd.read_csv(CONFIG["test"])
columns = [c for c in train.columns if c != CONFIG["target"]]
train, test = impute([train, test], columns)
model = XGBRegressor().fit(train[columns], train[CONFIG["target"]])
print(model.score(test[columns], test[CONFIG["target"]]))
