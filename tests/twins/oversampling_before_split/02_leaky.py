import pandas as pd
from imblearn.over_sampling import RandomOverSampler
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split


def balance(X, y):
    sampler = RandomOverSampler(random_state=0)
    return sampler.fit_resample(X, y)  # LEAK


stroke = pd.read_csv("stroke.csv").dropna()
X = stroke[["age", "bmi", "glucose"]]
y = stroke["stroke"]
X, y = balance(X, y)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
