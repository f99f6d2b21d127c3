import numpy as np
import pandas as pd
from scipy import stats
from sklearn.linear_model import HuberRegressor
from sklearn.model_selection import train_test_split

trips = pd.read_parquet("green.parquet")
trips["minutes"] = (trips.dropoff - trips.pickup).dt.total_seconds() / 60
trips = trips[(trips.minutes >= 1) & (trips.minutes <= 60)]  # LEAK
train, test = train_test_split(trips, test_size=0.2, random_state=0)
cols = ["distance", "passengers"]
model = HuberRegressor().fit(train[cols], train["minutes"])
print(model.score(test[cols], test["minutes"]))
