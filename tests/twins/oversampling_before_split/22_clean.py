import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score
from sklearn.model_selection import train_test_split
from sklearn.utils import resample

FEATURES = ["age", "hypertension", "heart_disease", "avg_glucose_level", "bmi"]


def balance(frame):
    minority = frame[frame["stroke"] == 1]
    majority = frame[frame["stroke"] == 0]
    up = resample(minority, replace=True, n_samples=len(majority), random_state=123)
    return pd.concat([majority, up]).sample(frac=1, random_state=123)


strokes = pd.read_csv("healthcare-dataset-stroke-data.csv").dropna()
train, test = train_test_split(strokes, test_size=0.25, random_state=123)
train = balance(train)
logit = LogisticRegression(max_iter=1000)
logit.fit(train[FEATURES], train["stroke"])
print("recall:", recall_score(test["stroke"], logit.predict(test[FEATURES])))
