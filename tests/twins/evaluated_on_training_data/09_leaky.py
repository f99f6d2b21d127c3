from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error

X, y = load_diabetes(return_X_y=True)
ridge = Ridge(alpha=0.5)
ridge.fit(X, y)
print("MSE", mean_squared_error(y, ridge.predict(X)))  # LEAK
