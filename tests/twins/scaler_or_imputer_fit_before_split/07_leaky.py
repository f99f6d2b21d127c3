import numpy as np
import pandas as pd
from keras.layers import LSTM, Dense
from keras.models import Sequential
from sklearn.preprocessing import MinMaxScaler

LOOK_BACK = 60


def windows(series):
    X, y = [], []
    for i in range(LOOK_BACK, len(series)):
        X.append(series[i - LOOK_BACK : i, 0])
        y.append(series[i, 0])
    return np.array(X)[..., None], np.array(y)


prices = pd.read_csv("AAPL.csv")[["Close"]].values
n_train = int(len(prices) * 0.8)
scaler = MinMaxScaler(feature_range=(0, 1))
scaled = scaler.fit_transform(prices)  # LEAK
train, test = scaled[:n_train], scaled[n_train - LOOK_BACK :]
X_train, y_train = windows(train)
X_test, y_test = windows(test)

model = Sequential([LSTM(50, input_shape=(LOOK_BACK, 1)), Dense(1)])
model.compile(optimizer="adam", loss="mean_squared_error")
model.fit(X_train, y_train, epochs=10, batch_size=32)
predicted = scaler.inverse_transform(model.predict(X_test))
print("rmse", np.sqrt(np.mean((predicted - scaler.inverse_transform(y_test[:, None])) ** 2)))
