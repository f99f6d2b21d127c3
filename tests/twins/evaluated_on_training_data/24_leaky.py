import pickle

import pandas as pd
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


class CropRecommender:
    features = ["N", "P", "K", "temperature", "humidity", "ph", "rainfall"]

    def __init__(self):
        self.model = XGBClassifier(n_estimators=150)

    def fit(self, csv):
        crops = pd.read_csv(csv)
        crops["label"] = crops["label"].astype("category").cat.codes
        self.train, self.test = train_test_split(crops, test_size=0.2, random_state=6)
        self.model.fit(self.train[self.features], self.train["label"])

    def report(self):
        predicted = self.model.predict(self.train[self.features])
        return classification_report(self.train["label"], predicted)  # LEAK


recommender = CropRecommender()
recommender.fit("Crop_recommendation.csv")
print(recommender.report())
pickle.dump(recommender.model, open("crop.pkl", "wb"))
