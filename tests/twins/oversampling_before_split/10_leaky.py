import pandas as pd
from imblearn.over_sampling import SVMSMOTE
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import train_test_split

churn = pd.get_dummies(pd.read_csv("telco.csv"))
target = churn.pop("Churn_Yes")
churn = churn.drop(columns="Churn_No")
balanced, balanced_target = SVMSMOTE().fit_resample(churn, target)  # LEAK
train_x, test_x, train_y, test_y = train_test_split(balanced, balanced_target, test_size=0.2)
print(RidgeClassifier().fit(train_x, train_y).score(test_x, test_y))
