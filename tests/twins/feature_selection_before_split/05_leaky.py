import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

data = pd.read_csv("concrete.csv")
corr = data.corr()["strength"].abs()
keep = corr[corr > 0.2].index.drop("strength")  # LEAK
X_train, X_test, y_train, y_test = train_test_split(data[keep], data["strength"], random_state=0)
forest = RandomForestRegressor(random_state=0).fit(X_train, y_train)
print(forest.score(X_test, y_test))
