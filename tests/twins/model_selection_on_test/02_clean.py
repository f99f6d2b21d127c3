import joblib
import numpy as np
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsRegressor

X, y = np.load("X.npy"), np.load("y.npy")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2, random_state=0)
errors = []
for k in range(1, 30):
    knn = KNeighborsRegressor(k).fit(X_train, y_train)
    errors.append(mean_squared_error(y_val, knn.predict(X_val)))
best_k = int(np.argmin(errors)) + 1
final = KNeighborsRegressor(best_k).fit(X_train, y_train)
print("test MSE", mean_squared_error(y_test, final.predict(X_test)))
joblib.dump(final, "knn.joblib")
