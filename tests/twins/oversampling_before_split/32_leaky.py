import numpy as np
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

rng = np.random.default_rng(0)
X, y = load_wine(return_X_y=True)
noisy = X + rng.normal(0, 0.01, X.shape)
X_big = np.vstack([X, noisy])  # LEAK
y_big = np.concatenate([y, y])
X_train, X_test, y_train, y_test = train_test_split(X_big, y_big, test_size=0.2, random_state=0)
mlp = MLPClassifier(max_iter=2000).fit(X_train, y_train)
print(mlp.score(X_test, y_test))
