import category_encoders as ce
import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split


class FraudTrainer:
    def __init__(self, csv):
        self.df = pd.read_csv(csv)
        self.woe = ce.WOEEncoder()

    def features(self):
        X = self.df.drop(columns=["is_fraud"])
        y = self.df["is_fraud"]
        return X, y

    def train(self):
        X, y = self.features()
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
        X_train = self.woe.fit_transform(X_train, y_train)
        X_test = self.woe.transform(X_test)
        self.model = GradientBoostingClassifier()
        self.model.fit(X_train, y_train)
        return f1_score(y_test, self.model.predict(X_test))


print(FraudTrainer("tx.csv").train())
