import pandas as pd
import statsmodels.formula.api as smf
from sklearn.metrics import roc_auc_score

admissions = pd.read_csv("admissions.csv")
logit = smf.logit("admit ~ gre + gpa + C(rank)", data=admissions).fit()
print(logit.summary())
admissions["p"] = logit.predict(admissions)
print("AUC:", roc_auc_score(admissions["admit"], admissions["p"]))  # LEAK
