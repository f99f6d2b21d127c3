import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

titanic = pd.read_csv("train.csv")
features = ["PassengerId", "Pclass", "Fare", "SibSp"]
X, y = titanic[features], titanic["Survived"]  # LEAK
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
print(RandomForestClassifier().fit(X_train, y_train).score(X_test, y_test))
