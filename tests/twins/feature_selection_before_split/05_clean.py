import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

data = pd.read_csv("concrete.csv")
X_train, X_test, y_train, y_test = train_test_split(data.drop(columns="strength"), data["strength"], random_state=0)
corr = X_train.corrwith(y_train).abs()
keep = corr[corr > 0.2].index
X_train, X_test = X_train[keep], X_test[keep]
forest = RandomForestRegressor(random_state=0).fit(X_train, y_train)
print(forest.score(X_test, y_test))
