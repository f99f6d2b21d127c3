import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

glass = np.loadtxt("glass.data", delimiter=",")
X = glass[:, 1:]  # LEAK
y = glass[:, -1]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
print(KNeighborsClassifier().fit(X_train, y_train).score(X_test, y_test))
