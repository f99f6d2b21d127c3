import numpy as np
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

rng = np.random.default_rng(0)
X, y = load_wine(return_X_y=True)
X, X_test, y, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
noisy = X + rng.normal(0, 0.01, X.shape)
X_big = np.vstack([X, noisy])
y_big = np.concatenate([y, y])
X_train, y_train = X_big, y_big
mlp = MLPClassifier(max_iter=2000).fit(X_train, y_train)
print(mlp.score(X_test, y_test))
