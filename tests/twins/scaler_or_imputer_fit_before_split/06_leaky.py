import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB

sms = pd.read_csv("spam.csv", encoding="latin-1", usecols=[0, 1], names=["label", "text"], header=0)
sms["label"] = (sms["label"] == "spam").astype(int)

tfidf = TfidfVectorizer(stop_words="english", max_features=3000)
X = tfidf.fit_transform(sms["text"])  # LEAK
X_train, X_test, y_train, y_test = train_test_split(X, sms["label"], stratify=sms["label"], random_state=0)

nb = MultinomialNB().fit(X_train, y_train)
print(nb.score(X_test, y_test))
