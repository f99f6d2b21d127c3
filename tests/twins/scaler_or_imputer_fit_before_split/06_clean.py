import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB

sms = pd.read_csv("spam.csv", encoding="latin-1", usecols=[0, 1], names=["label", "text"], header=0)
sms["label"] = (sms["label"] == "spam").astype(int)

tfidf = TfidfVectorizer(stop_words="english", max_features=3000)
text_train, text_test, y_train, y_test = train_test_split(sms["text"], sms["label"], stratify=sms["label"], random_state=0)
X_train = tfidf.fit_transform(text_train)
X_test = tfidf.transform(text_test)

nb = MultinomialNB().fit(X_train, y_train)
print(nb.score(X_test, y_test))
