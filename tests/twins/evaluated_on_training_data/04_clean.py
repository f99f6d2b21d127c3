import numpy as np
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.naive_bayes import GaussianNB
from sklearn.model_selection import cross_val_predict

data = np.loadtxt("seeds.txt")
X, y = data[:, :-1], data[:, -1]
nb = GaussianNB()
predicted = cross_val_predict(nb, X, y, cv=10)
print(f1_score(y, predicted, average="macro"))
print(confusion_matrix(y, predicted))
