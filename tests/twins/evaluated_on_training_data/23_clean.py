import pandas as pd
import statsmodels.formula.api as smf
from sklearn.metrics import roc_auc_score

admissions = pd.read_csv("admissions.csv")
fresh = pd.read_csv("admissions_2024.csv")
logit = smf.logit("admit ~ gre + gpa + C(rank)", data=admissions).fit()
print(logit.summary())
fresh["p"] = logit.predict(fresh)
print("AUC:", roc_auc_score(fresh["admit"], fresh["p"]))
