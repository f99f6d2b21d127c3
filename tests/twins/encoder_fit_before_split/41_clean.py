import pandas as pd
from feature_engine.encoding import CountFrequencyEncoder
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split


class FlightFares:
    target = "Price"

    def read(self):
        self.df = pd.read_excel("Data_Train.xlsx").dropna()
        self.df["Day"] = pd.to_datetime(self.df["Date_of_Journey"], dayfirst=True).dt.day
        self.df = self.df.drop(columns=["Date_of_Journey", "Route", "Dep_Time", "Arrival_Time", "Duration"])

    def encode(self):
        encoder = CountFrequencyEncoder(encoding_method="frequency")
        self.train = encoder.fit_transform(self.train)
        self.test = encoder.transform(self.test)

    def split(self):
        self.train, self.test = train_test_split(self.df, test_size=0.2, random_state=0)

    def evaluate(self):
        X, y = self.train.drop(columns=[self.target]), self.train[self.target]
        model = RandomForestRegressor().fit(X, y)
        return model.score(self.test.drop(columns=[self.target]), self.test[self.target])


fares = FlightFares()
fares.read()
fares.split()
fares.encode()
print(fares.evaluate())
