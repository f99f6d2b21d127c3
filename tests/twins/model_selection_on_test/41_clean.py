from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=42)
pipeline = Pipeline([("kmeans", KMeans(n_clusters=50)), ("log_reg", LogisticRegression(max_iter=5000))])
search = GridSearchCV(pipeline, {"kmeans__n_clusters": range(20, 100, 10)}, cv=3)
search.fit(X_train, y_train)
print("best k", search.best_params_, "accuracy", search.score(X_test, y_test))
