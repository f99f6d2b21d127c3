import pandas as pd
from sklearn.linear_model import LassoCV, LinearRegression
from sklearn.feature_selection import SelectFromModel
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

df = pd.read_csv("crime.csv")
y = df.pop("ViolentCrimesPerPop")
X_train, X_test, y_train, y_test = train_test_split(df, y, test_size=0.2, random_state=7)
chooser = SelectFromModel(LassoCV(cv=5)).fit(X_train, y_train)
X_train, X_test = chooser.transform(X_train), chooser.transform(X_test)
ols = LinearRegression().fit(X_train, y_train)
print("test R2:", r2_score(y_test, ols.predict(X_test)))
