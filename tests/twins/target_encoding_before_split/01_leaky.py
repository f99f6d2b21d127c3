import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

houses = pd.read_csv("houses.csv")
houses["zip_price"] = houses.groupby("zipcode")["price"].transform("mean")  # LEAK
train, test = train_test_split(houses, test_size=0.2, random_state=0)
columns = ["sqft", "rooms", "zip_price"]
model = RandomForestRegressor().fit(train[columns], train["price"])
print(model.score(test[columns], test["price"]))
