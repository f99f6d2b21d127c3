import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.datasets import fetch_20newsgroups
from sklearn.linear_model import LogisticRegression

train = fetch_20newsgroups(subset="train")
test = fetch_20newsgroups(subset="test")
vectorizer = CountVectorizer(max_features=20000)
svd = TruncatedSVD(200)
X_train = svd.fit_transform(vectorizer.fit_transform(train.data))
X_test = svd.transform(vectorizer.transform(test.data))
model = LogisticRegression(max_iter=500).fit(X_train, train.target)
print(np.mean(model.predict(X_test) == test.target))
