import pandas as pd
from sklearn.ensemble import RandomForestClassifier

bars = pd.read_csv("bars.csv", parse_dates=["t"]).set_index("t")
bars["ret"] = bars["close"].pct_change()
bars["swing"] = bars["high"].rolling(5).max() - bars["low"].rolling(5).min()
bars["y"] = (bars["close"].shift(-1) > bars["close"]).astype(int)
bars = bars.dropna()
train, test = bars.loc[:"2022"], bars.loc["2023":]
X = ["ret", "swing"]
clf = RandomForestClassifier().fit(train[X], train["y"])
print(clf.score(test[X], test["y"]))
