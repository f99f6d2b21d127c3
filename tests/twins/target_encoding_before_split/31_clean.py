import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split

df = pd.read_csv("cars.csv")
features = ["year", "km", "power"]
train, test = train_test_split(df, test_size=0.25, random_state=3)
train, test = train.copy(), test.copy()
by_brand = train.groupby("brand")["power"].transform("median")
train["rel_power"] = train["power"] / by_brand
ridge = Ridge().fit(train[features], train["price"])
print(ridge.score(test[features], test["price"]))
