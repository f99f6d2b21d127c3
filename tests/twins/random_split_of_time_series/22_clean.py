import numpy as np
import pandas as pd
from keras.layers import LSTM, Dense
from keras.models import Sequential
from sklearn.model_selection import train_test_split

LOOKBACK = 24


def make_windows(series, lookback):
    X, y = [], []
    for i in range(len(series) - lookback):
        X.append(series[i : i + lookback])
        y.append(series[i + lookback])
    return np.array(X)[..., None], np.array(y)


load = pd.read_csv("load.csv", parse_dates=["time"]).sort_values("time")["mw"].to_numpy()
X, y = make_windows(load / 1000.0, LOOKBACK)
cut = int(len(X) * 0.8)
X_train, X_test, y_train, y_test = X[:cut], X[cut:], y[:cut], y[cut:]

model = Sequential([LSTM(50, input_shape=(LOOKBACK, 1)), Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(X_train, y_train, epochs=20, batch_size=64, verbose=2)
print("test mse", model.evaluate(X_test, y_test))
