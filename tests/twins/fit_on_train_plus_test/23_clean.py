import numpy as np
from sklearn.datasets import fetch_openml
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

X, y = fetch_openml("mnist_784", version=1, return_X_y=True, as_frame=False)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=10000, random_state=0)

svd = TruncatedSVD(n_components=60)
svd.fit(X_train)
Z_train, Z_test = svd.transform(X_train), svd.transform(X_test)

clf = SGDClassifier(loss="log_loss", max_iter=30)
clf.fit(Z_train, y_train)
print("test accuracy", clf.score(Z_test, y_test))
