import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split


def remove_outliers(df, column, low=0.01, high=0.99):
    lower, upper = df[column].quantile(low), df[column].quantile(high)
    return df[(df[column] > lower) & (df[column] < upper)]


homes = pd.read_csv("homes.csv")
homes = remove_outliers(homes, "price")  # LEAK
train, test = train_test_split(homes, random_state=0)
features = ["area", "rooms", "age"]
print(Ridge().fit(train[features], train["price"]).score(test[features], test["price"]))
