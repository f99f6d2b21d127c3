import numpy as np
from sklearn.linear_model import SGDRegressor
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

raw = np.genfromtxt("sensors.csv", delimiter=",", skip_header=1)
X, y = raw[:, :-1], raw[:, -1]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
scaler = StandardScaler()
scaler.fit(np.vstack([X_train, X_test]))  # LEAK
X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
print(SGDRegressor().fit(X_train, y_train).score(X_test, y_test))
