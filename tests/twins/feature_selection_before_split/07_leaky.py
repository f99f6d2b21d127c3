import pandas as pd
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import Pipeline

reviews = pd.read_json("reviews.jsonl", lines=True)
train, test = train_test_split(reviews, test_size=0.2, random_state=0)
vectorizer = CountVectorizer().fit(train.text)
best = SelectKBest(chi2, k=1000)
best.fit(vectorizer.transform(reviews.text), reviews.stars)  # LEAK
nb = MultinomialNB()
nb.fit(best.transform(vectorizer.transform(train.text)), train.stars)
print(accuracy_score(test.stars, nb.predict(best.transform(vectorizer.transform(test.text)))))
