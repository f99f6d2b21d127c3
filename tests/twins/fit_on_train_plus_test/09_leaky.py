import polars as pl
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import OrdinalEncoder

train = pl.read_csv("train.csv")
test = pl.read_csv("test.csv")
columns = ["proto", "service", "state"]
encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
encoder.fit(pl.concat([train.select(columns), test.select(columns)]).to_numpy())  # LEAK
forest = RandomForestClassifier(n_jobs=-1)
forest.fit(encoder.transform(train.select(columns).to_numpy()), train["attack"].to_numpy())
print(forest.score(encoder.transform(test.select(columns).to_numpy()), test["attack"].to_numpy()))
