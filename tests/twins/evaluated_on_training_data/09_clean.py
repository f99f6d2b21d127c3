from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import LeaveOneOut

X, y = load_diabetes(return_X_y=True)
ridge = Ridge(alpha=0.5)
errors = []
for fit, hold in LeaveOneOut().split(X):
    ridge.fit(X[fit], y[fit])
    errors.append(mean_squared_error(y[hold], ridge.predict(X[hold])))
print("MSE", sum(errors) / len(errors))
