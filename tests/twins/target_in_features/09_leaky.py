import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

flights = pd.read_csv("flights.csv")
flights["late"] = flights["arrival_delay"].apply(lambda minutes: int(minutes > 15))
inputs = flights[["carrier_code", "distance", "hour"]]
inputs = flights[["distance", "hour", "arrival_delay"]]  # LEAK
a, b, c, d = train_test_split(inputs, flights["late"], test_size=0.25)
clf = LogisticRegression().fit(a, c)
print(clf.score(b, d))
