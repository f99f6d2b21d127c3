import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

advertising = pd.read_csv("Advertising.csv")
X = advertising[["TV", "radio", "newspaper"]]
y = advertising["sales"]
model = LinearRegression().fit(X, y)
print("R2:", r2_score(y, model.predict(X)))  # LEAK
