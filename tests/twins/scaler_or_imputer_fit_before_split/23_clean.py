import re

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB


def clean(text):
    text = re.sub(r"[^a-zA-Z]", " ", text)
    return " ".join(word.lower() for word in text.split() if len(word) > 2)


def read_messages(path="spam.csv"):
    data = pd.read_csv(path, encoding="latin-1")[["v1", "v2"]]
    data.columns = ["label", "message"]
    data["label"] = data["label"].map({"ham": 0, "spam": 1})
    data["message"] = data["message"].apply(clean)
    return data


def vectorize(train, test, max_features=3000):
    tfidf = TfidfVectorizer(max_features=max_features, ngram_range=(1, 2))
    return tfidf.fit_transform(train).toarray(), tfidf.transform(test).toarray(), tfidf


def main():
    data = read_messages()
    train, test, y_train, y_test = train_test_split(data["message"], data["label"], test_size=0.2, random_state=2)
    X_train, X_test, tfidf = vectorize(train, test)
    mnb = MultinomialNB()
    mnb.fit(X_train, y_train)
    y_pred = mnb.predict(X_test)
    print(accuracy_score(y_test, y_pred))
    print(confusion_matrix(y_test, y_pred))


main()
