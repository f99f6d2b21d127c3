import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score, KFold, TimeSeriesSplit

visits = pd.read_csv("visits.csv")
visits["ewm"] = visits["n"].ewm(span=7).mean().shift(1)
visits = visits.dropna()
cv = TimeSeriesSplit(5)
print(cross_val_score(LinearRegression(), visits[["ewm", "holiday"]], visits["n"], cv=cv).mean())
