import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

COLUMNS = ["season", "hr", "temp", "hum"]


def build(frame):
    frame = frame.assign(cnt=frame["casual"] + frame["registered"])
    return frame[COLUMNS + ["casual", "registered"]], frame["cnt"]  # LEAK


X, y = build(pd.read_csv("hour.csv"))
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, shuffle=False)
model = RandomForestRegressor(n_estimators=200).fit(X_train, y_train)
print(model.score(X_test, y_test))
