import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

data = pd.read_csv("mobile_price.csv")
X = data.iloc[:, 0:20]
y = data.iloc[:, -1]
model = ExtraTreesClassifier()
model.fit(X, y)  # LEAK
importances = pd.Series(model.feature_importances_, index=X.columns)
X = X[importances.nlargest(10).index]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
lr = LogisticRegression(max_iter=5000).fit(X_train, y_train)
print(lr.score(X_test, y_test))
