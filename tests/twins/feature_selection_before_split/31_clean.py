import numpy as np
import pandas as pd
from scipy.stats import pearsonr, ttest_ind
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

data = pd.read_csv("metabolites.csv")
y = data["case"]
X = data.drop(columns=["case", "sample"])
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0, stratify=y)
lr = LogisticRegression(penalty="l1", solver="liblinear").fit(X_train, y_train)
print("test accuracy", lr.score(X_test, y_test))
