import numpy as np
from imblearn.over_sampling import ADASYN
from sklearn.model_selection import StratifiedKFold
from tensorflow import keras


def build(n):
    model = keras.Sequential([keras.layers.Dense(64, activation="relu", input_shape=(n,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


X = np.load("ecg_x.npy")
y = np.load("ecg_y.npy")
ada = ADASYN()
X, y = ada.fit_resample(X, y)  # LEAK
accuracies = []
for train, test in StratifiedKFold(n_splits=5, shuffle=True).split(X, y):
    X_train, y_train = X[train], y[train]
    net = build(X.shape[1])
    net.fit(X_train, y_train, epochs=20, verbose=0)
    accuracies.append(net.evaluate(X[test], y[test], verbose=0)[1])
print(np.mean(accuracies))
