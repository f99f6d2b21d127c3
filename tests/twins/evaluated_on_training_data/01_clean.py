import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

advertising = pd.read_csv("Advertising.csv")
X = advertising[["TV", "radio", "newspaper"]]
y = advertising["sales"]
X, X_new, y, y_new = X[:150], X[150:], y[:150], y[150:]
model = LinearRegression().fit(X, y)
print("R2:", r2_score(y_new, model.predict(X_new)))
