import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split


def remove_outliers(frame, column):
    q1, q3 = frame[column].quantile(0.25), frame[column].quantile(0.75)
    spread = q3 - q1
    return frame[(frame[column] >= q1 - 1.5 * spread) & (frame[column] <= q3 + 1.5 * spread)]  # LEAK


insurance = pd.read_csv("insurance.csv")
insurance = remove_outliers(insurance, "charges")
X, y = insurance[["age", "bmi", "children"]], insurance["charges"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = GradientBoostingRegressor().fit(X_train, y_train)
print(mean_absolute_error(y_test, model.predict(X_test)))
