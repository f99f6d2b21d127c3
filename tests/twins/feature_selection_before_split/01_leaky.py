import numpy as np
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

X = np.load("expression.npy")
y = np.load("tumour.npy")
selector = SelectKBest(f_classif, k=50)
X = selector.fit_transform(X, y)  # LEAK
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
model = LogisticRegression(max_iter=2000)
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
