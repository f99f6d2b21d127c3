import pandas as pd
from catboost import CatBoostRegressor
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split


def smooth_mean(df, by, on, m=20):
    prior = df[on].mean()
    agg = df.groupby(by)[on].agg(["count", "mean"])
    smooth = (agg["count"] * agg["mean"] + m * prior) / (agg["count"] + m)
    return df[by].map(smooth)


flats = pd.read_csv("rent.csv")
flats["district_enc"] = smooth_mean(flats, "district", "rent")  # LEAK
train, test = train_test_split(flats, random_state=0)
features = ["rooms", "area"] + [c for c in flats.columns if c.startswith("district_")]
model = CatBoostRegressor(verbose=0).fit(train[features], train["rent"])
print(mean_squared_error(test["rent"], model.predict(test[features])))
