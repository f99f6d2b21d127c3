from imblearn.combine import SMOTETomek
from imblearn.pipeline import Pipeline
from sklearn.datasets import make_classification
from sklearn.model_selection import cross_val_score
from sklearn.svm import SVC

X, y = make_classification(n_samples=2000, weights=[0.95], random_state=1)
X, y = SMOTETomek(random_state=1).fit_resample(X, y)  # LEAK
model = SVC()
print(cross_val_score(model, X, y, scoring="f1", cv=5).mean())
