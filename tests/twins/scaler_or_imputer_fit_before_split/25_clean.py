import numpy as np
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

digits = load_digits()
X, y = digits.data, digits.target
print("shape:", X.shape)

pca = PCA(n_components=0.95, whiten=True)
knn = KNeighborsClassifier(n_neighbors=5)
cv = StratifiedKFold(n_splits=10, shuffle=True, random_state=0)
scores = cross_val_score(make_pipeline(pca, knn), X, y, cv=cv)
print("accuracy: %.4f +/- %.4f" % (np.mean(scores), np.std(scores)))
