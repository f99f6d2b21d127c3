import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split


class Strategy:
    def __init__(self, csv):
        self.prices = pd.read_csv(csv, index_col=0, parse_dates=True)

    def features(self):
        p = self.prices
        p["ret"] = p["close"].pct_change()
        p["vol"] = p["ret"].rolling(20).std()
        p["up"] = (p["close"].shift(-1) > p["close"]).astype(int)
        self.data = p.dropna()

    def backtest(self):
        X, y = self.data[["ret", "vol"]], self.data["up"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, shuffle=False)
        return GradientBoostingClassifier().fit(X_train, y_train).score(X_test, y_test)


s = Strategy("spy.csv")
s.features()
print(s.backtest())
