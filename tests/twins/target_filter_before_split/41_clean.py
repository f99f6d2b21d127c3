import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

df = pd.read_csv("used_cars.csv")
X_train, X_test, y_train, y_test = train_test_split(df[["year", "mileage", "engine"]], df["price"], test_size=0.2, random_state=0)
usual = y_train < y_train.quantile(0.99)
X_train, y_train = X_train[usual], y_train[usual]
rf = RandomForestRegressor().fit(X_train, y_train)
print(rf.score(X_test, y_test))
