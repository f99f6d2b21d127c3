import numpy as np
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.naive_bayes import GaussianNB

data = np.loadtxt("seeds.txt")
X, y = data[:, :-1], data[:, -1]
nb = GaussianNB()
nb.fit(X, y)
predicted = nb.predict(X)
print(f1_score(y, predicted, average="macro"))  # LEAK
print(confusion_matrix(y, predicted))
