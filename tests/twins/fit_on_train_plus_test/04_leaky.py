import pandas as pd
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier


def project(train, test, k=30):
    pca = PCA(k)
    both = pd.concat([train, test])
    pca.fit(both)  # LEAK
    return pca.transform(train), pca.transform(test)


digits = pd.read_csv("digits.csv")
X_train, X_test, y_train, y_test = train_test_split(digits.drop(columns="digit"), digits["digit"], random_state=0)
Z_train, Z_test = project(X_train, X_test)
knn = KNeighborsClassifier().fit(Z_train, y_train)
print(knn.score(Z_test, y_test))
