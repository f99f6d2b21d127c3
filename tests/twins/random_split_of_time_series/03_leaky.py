import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from tensorflow.keras.layers import LSTM, Dense
from tensorflow.keras.models import Sequential

series = pd.read_csv("passengers.csv")["count"].values.astype("float32")


def to_windows(values, size=12):
    X, y = [], []
    for i in range(len(values) - size):
        X.append(values[i : i + size])
        y.append(values[i + size])
    return np.array(X), np.array(y)


X, y = to_windows(series)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=1)  # LEAK
model = Sequential([LSTM(32, input_shape=(12, 1)), Dense(1)])
model.compile("adam", "mse")
model.fit(X_train[..., None], y_train, epochs=20)
print(model.evaluate(X_test[..., None], y_test))
