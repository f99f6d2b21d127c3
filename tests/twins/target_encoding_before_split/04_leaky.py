import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder


def experiment(path):
    frame = pd.read_csv(path)
    labels = frame.pop("defaulted")
    categories = frame[["city", "employer", "product"]]
    encoded = TargetEncoder(smooth="auto").fit(categories, labels).transform(categories)  # LEAK
    return cross_val_score(LogisticRegression(), encoded, labels, cv=5, scoring="roc_auc")


print(experiment("credit.csv"))
