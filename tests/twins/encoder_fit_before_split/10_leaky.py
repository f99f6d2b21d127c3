import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder
from sklearn.svm import SVC

data = pd.read_csv("weather.csv")
target = LabelEncoder().fit_transform(data["rain_tomorrow"])
data = data.drop(columns="rain_tomorrow")
for column in data.select_dtypes("object"):
    data[column] = LabelEncoder().fit_transform(data[column])  # LEAK
X_train, X_test, y_train, y_test = train_test_split(data, target, random_state=0)
svc = SVC().fit(X_train, y_train)
print(svc.score(X_test, y_test))
