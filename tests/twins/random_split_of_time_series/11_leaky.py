import pandas as pd
from prophet import Prophet  # noqa: F401
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import train_test_split


def create_features(df):
    df = df.copy()
    df["dayofweek"] = df.index.dayofweek
    df["lag_365"] = df["sales"].shift(365)
    df["rolling_mean_30"] = df["sales"].shift(1).rolling(window=30).mean()
    return df.dropna()


df = pd.read_csv("daily.csv", parse_dates=["date"], index_col="date").sort_index()
df = create_features(df)
features = ["dayofweek", "lag_365", "rolling_mean_30"]
X_train, X_val, y_train, y_val = train_test_split(df[features], df["sales"], test_size=0.2, random_state=42)  # LEAK
model = GradientBoostingRegressor().fit(X_train, y_train)
print(model.score(X_val, y_val))
