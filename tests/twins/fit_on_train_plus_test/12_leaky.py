import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.datasets import fetch_20newsgroups
from sklearn.linear_model import LogisticRegression

train = fetch_20newsgroups(subset="train")
test = fetch_20newsgroups(subset="test")
vectorizer = CountVectorizer(max_features=20000)
svd = TruncatedSVD(200)
all_texts = train.data + test.data
counts = vectorizer.fit_transform(all_texts)  # LEAK
reduced = svd.fit_transform(counts)
X_train, X_test = reduced[: len(train.data)], reduced[len(train.data) :]
model = LogisticRegression(max_iter=500).fit(X_train, train.target)
print(np.mean(model.predict(X_test) == test.target))
