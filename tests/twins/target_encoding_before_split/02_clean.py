import category_encoders as ce
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

df = pd.read_csv("ads.csv")
X = df[["site", "app", "device", "hour"]]
y = df["click"]
te = ce.TargetEncoder(cols=["site", "app", "device"])
X_train, X_valid, y_train, y_valid = train_test_split(X, y, stratify=y, random_state=11)
X_train = te.fit_transform(X_train, y_train)
X_valid = te.transform(X_valid)
lr = LogisticRegression(max_iter=1000).fit(X_train, y_train)
print(lr.score(X_valid, y_valid))
