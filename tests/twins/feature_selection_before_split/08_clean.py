import pandas as pd
from mlxtend.feature_selection import SequentialFeatureSelector as SFS
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

sonar = pd.read_csv("sonar.csv", header=None)
X, y = sonar.iloc[:, :-1], sonar.iloc[:, -1]
knn = KNeighborsClassifier(3)
sfs = SFS(knn, k_features=10, cv=5)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.3, stratify=y, random_state=4)
X_tr = sfs.fit_transform(X_tr, y_tr)
X_te = sfs.transform(X_te)
knn.fit(X_tr, y_tr)
print("accuracy", knn.score(X_te, y_te))
