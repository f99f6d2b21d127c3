import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder
from xgboost import XGBClassifier


def one_hot(df, columns, encoder=None):
    encoder = encoder or OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(df[columns])
    encoded = pd.DataFrame(encoder.transform(df[columns]), index=df.index)
    return pd.concat([df.drop(columns=columns), encoded], axis=1), encoder


campaign = pd.read_csv("marketing.csv", sep=";")
campaign["y"] = (campaign["y"] == "yes").astype(int)
columns = ["job", "marital", "education"]
train, test = train_test_split(campaign, test_size=0.2, stratify=campaign["y"], random_state=1)
train, encoder = one_hot(train, columns)
test, _ = one_hot(test, columns, encoder)
model = XGBClassifier().fit(train.drop(columns="y"), train["y"])
print(model.score(test.drop(columns="y"), test["y"]))
