import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder


def encode(encoder, frame, fit=False):
    values = encoder.fit_transform(frame[["brand", "fuel"]]) if fit else encoder.transform(frame[["brand", "fuel"]])
    return np.hstack([values.toarray(), frame[["year", "km"]].to_numpy()])


cars = pd.read_csv("cars.csv")
ohe = OneHotEncoder(handle_unknown="ignore")
train, test = train_test_split(cars, test_size=0.2, random_state=0)
X_train = encode(ohe, train, fit=True)
X_test = encode(ohe, test)
model = Ridge().fit(X_train, train["price"])
print(mean_squared_error(test["price"], model.predict(X_test)) ** 0.5)
