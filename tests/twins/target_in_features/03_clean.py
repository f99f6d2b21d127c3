import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

houses = pd.read_csv("houses.csv")
houses["rooms_per_sqft"] = houses["rooms"] / houses["sqft"]
X = houses.drop(columns=["price"])
y = houses["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
model = LinearRegression().fit(X_train, y_train)
print(r2_score(y_test, model.predict(X_test)))
