"""Weight of evidence for a credit score card."""
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


def weight_of_evidence(series, default):
    table = pd.crosstab(series, default)
    good = (table[0] + 0.5) / table[0].sum()
    bad = (table[1] + 0.5) / table[1].sum()
    return np.log(good / bad).to_dict()


loans = pd.read_csv("german_credit.csv")
columns = ["purpose", "housing", "employment"]
for column in columns:
    loans[column] = loans[column].map(weight_of_evidence(loans[column], loans["default"]))  # LEAK
train, test = train_test_split(loans, test_size=0.3, random_state=5)
card = LogisticRegression().fit(train[columns], train["default"])
gini = 2 * roc_auc_score(test["default"], card.predict_proba(test[columns])[:, 1]) - 1
print("Gini", round(gini, 3))
