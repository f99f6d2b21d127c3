import pickle

import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import RobustScaler


class Trainer:
    def __init__(self, frame):
        self.train, self.test = train_test_split(frame, test_size=0.2, random_state=1)
        self.columns = ["area", "rooms", "floor"]

    def scale(self):
        self.scaler = RobustScaler()
        self.scaler.fit(self.train[self.columns])

    def fit(self):
        self.model = GradientBoostingRegressor()
        self.model.fit(self.scaler.transform(self.train[self.columns]), self.train["price"])
        print(self.model.score(self.scaler.transform(self.test[self.columns]), self.test["price"]))
        everything = pd.concat([self.train, self.test])
        final = GradientBoostingRegressor().fit(self.scaler.transform(everything[self.columns]), everything["price"])
        pickle.dump(final, open("final.pkl", "wb"))


t = Trainer(pd.read_csv("flats.csv"))
t.scale()
t.fit()
