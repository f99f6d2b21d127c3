import numpy as np
import pandas as pd
from sklearn.linear_model import Lasso
from sklearn.metrics import mean_squared_error
from sklearn.preprocessing import MinMaxScaler

df = pd.read_csv("load.csv", index_col="time", parse_dates=True)
train = df.loc[:"2019"]
test = df.loc["2020":]
scaler = MinMaxScaler()
full = pd.concat((train, test), axis=0)
scaler.fit(full[["temp", "wind"]])  # LEAK
lasso = Lasso().fit(scaler.transform(train[["temp", "wind"]]), train["load"])
print(np.sqrt(mean_squared_error(test["load"], lasso.predict(scaler.transform(test[["temp", "wind"]])))))
