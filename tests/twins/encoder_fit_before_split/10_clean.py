import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder
from sklearn.svm import SVC

data = pd.read_csv("weather.csv")
target = LabelEncoder().fit_transform(data["rain_tomorrow"])
data = data.drop(columns="rain_tomorrow")
X_train, X_test, y_train, y_test = train_test_split(data, target, random_state=0)
for column in data.select_dtypes("object"):
    codes = {value: code for code, value in enumerate(X_train[column].unique())}
    X_train[column] = X_train[column].map(codes)
    X_test[column] = X_test[column].map(codes).fillna(-1)
svc = SVC().fit(X_train, y_train)
print(svc.score(X_test, y_test))
