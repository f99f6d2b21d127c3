import pandas as pd
from category_encoders import LeaveOneOutEncoder
from sklearn.linear_model import ElasticNet
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

wine = pd.read_csv("wine_reviews.csv").dropna(subset=["price"])
X, y = wine[["country", "variety", "winery", "points"]], wine["price"]
grid = {"net__alpha": [0.1, 1, 10]}
X = LeaveOneOutEncoder(cols=["country", "variety", "winery"]).fit_transform(X, y)  # LEAK
search = GridSearchCV(Pipeline([("net", ElasticNet())]), grid, cv=5)
search.fit(X, y)
print(search.best_score_, search.best_params_)
