import numpy as np
import pandas as pd
from scipy import stats
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_percentage_error
from sklearn.model_selection import train_test_split


def load_trips(path):
    trips = (
        pd.read_csv(path, parse_dates=["pickup"])
        .assign(hour=lambda d: d["pickup"].dt.hour, weekday=lambda d: d["pickup"].dt.weekday)
        .drop(columns=["pickup"])
    )
    return trips


trips = load_trips("taxi.csv")
trips = trips[np.abs(stats.zscore(trips["trip_duration"])) < 3]  # LEAK
y = trips.pop("trip_duration")
X_train, X_test, y_train, y_test = train_test_split(trips, y, test_size=0.2, random_state=0)
model = HistGradientBoostingRegressor().fit(X_train, y_train)
print("MAPE", mean_absolute_percentage_error(y_test, model.predict(X_test)))
