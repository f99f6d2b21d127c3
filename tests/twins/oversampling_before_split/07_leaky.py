import pandas as pd
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

tweets = pd.read_csv("tweets.csv")
rare = tweets[tweets["label"] == "hate"]
tweets = pd.concat([tweets] + [rare] * 4)  # LEAK
train, test = train_test_split(tweets, test_size=0.1, random_state=3)
from sklearn.feature_extraction.text import HashingVectorizer

hasher = HashingVectorizer(n_features=2**16)
model = SGDClassifier().fit(hasher.transform(train["text"]), train["label"])
print(model.score(hasher.transform(test["text"]), test["label"]))
