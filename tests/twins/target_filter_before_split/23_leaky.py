import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

TARGET = "price"

listings = pd.read_csv("airbnb.csv")[["price", "accommodates", "bedrooms", "minimum_nights", "reviews_per_month"]].dropna()
listings = listings.query("price < 500").reset_index(drop=True)  # LEAK
train, test = train_test_split(listings, test_size=0.25, random_state=12)
svr = make_pipeline(StandardScaler(), SVR(C=100)).fit(train.drop(columns=[TARGET]), train[TARGET])
print("R2", svr.score(test.drop(columns=[TARGET]), test[TARGET]))
