import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.svm import SVR


def build_dataset(path, lags=5):
    series = pd.read_csv(path, parse_dates=["month"]).set_index("month")["passengers"]
    table = pd.DataFrame({"y": series})
    for k in range(1, lags + 1):
        table[f"t-{k}"] = series.shift(k)
    return table.dropna()


table = build_dataset("airline-passengers.csv")
train, test = train_test_split(table, test_size=0.3, random_state=1)  # LEAK
svr = SVR(C=100).fit(train.drop(columns="y"), train["y"])
print("R2", svr.score(test.drop(columns="y"), test["y"]))
