import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split

df = pd.read_csv("flats.csv")
df = df[df["price"] < df["price"].quantile(0.95)]  # LEAK
X, y = df[["sqm", "rooms"]], df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
print(LinearRegression().fit(X_train, y_train).score(X_test, y_test))
