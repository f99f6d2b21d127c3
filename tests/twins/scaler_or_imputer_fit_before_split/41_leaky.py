import numpy as np
import pandas as pd
from keras.layers import LSTM, Dense
from keras.models import Sequential
from sklearn.preprocessing import MinMaxScaler

WINDOW = 60
prices = pd.read_csv("AAPL.csv")["Close"].values.reshape(-1, 1)
training_len = int(len(prices) * 0.8)
scaler = MinMaxScaler(feature_range=(0, 1))
scaled = scaler.fit_transform(prices)  # LEAK

train_data = scaled[:training_len]
x_train, y_train = [], []
for i in range(WINDOW, len(train_data)):
    x_train.append(train_data[i - WINDOW : i, 0])
    y_train.append(train_data[i, 0])
x_train, y_train = np.array(x_train)[..., None], np.array(y_train)

model = Sequential([LSTM(50, input_shape=(WINDOW, 1)), Dense(1)])
model.compile(optimizer="adam", loss="mean_squared_error")
model.fit(x_train, y_train, batch_size=1, epochs=1)

test_data = scaled[training_len - WINDOW :]
x_test = np.array([test_data[i - WINDOW : i, 0] for i in range(WINDOW, len(test_data))])[..., None]
predictions = scaler.inverse_transform(model.predict(x_test))
print("RMSE", np.sqrt(np.mean((predictions - prices[training_len:]) ** 2)))
