import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split


class Tuner:
    def __init__(self, X, y):
        self.X_train, self.X_test, self.y_train, self.y_test = train_test_split(X, y, random_state=1)
        self.best_mae = np.inf
        self.best_model = None

    def search(self, depths):
        for depth in depths:
            model = RandomForestRegressor(max_depth=depth, random_state=0)
            model.fit(self.X_train, self.y_train)
            mae = mean_absolute_error(self.y_test, model.predict(self.X_test))  # LEAK
            if mae < self.best_mae:
                self.best_mae = mae
                self.best_model = model
        return self

    def report(self):
        return mean_absolute_error(self.y_test, self.best_model.predict(self.X_test))


houses = pd.read_csv("melb.csv").select_dtypes("number").dropna()
tuner = Tuner(houses.drop(columns="Price"), houses["Price"]).search([2, 4, 8, 16, None])
print(tuner.report())
