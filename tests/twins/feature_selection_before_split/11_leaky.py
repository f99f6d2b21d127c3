import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

df = pd.read_csv("proteins.csv")
X, y = df.drop(columns="cancer"), df["cancer"]
ranker = RandomForestClassifier(n_estimators=500, random_state=0)
ranker.fit(X, y)
importance = pd.Series(ranker.feature_importances_, index=X.columns)
top = importance.nlargest(30).index
X = X[top]  # LEAK
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
final = RandomForestClassifier(random_state=1).fit(X_train, y_train)
print(final.score(X_test, y_test))
