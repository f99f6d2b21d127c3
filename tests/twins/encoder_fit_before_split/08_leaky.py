import pandas as pd
from catboost import CatBoostRegressor
from feature_engine.encoding import CountFrequencyEncoder
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split


def main(path="diamonds.csv", seed=5):
    diamonds = pd.read_csv(path)
    X, y = diamonds.drop(columns="price"), diamonds["price"]
    encoder = CountFrequencyEncoder(encoding_method="frequency")
    X = encoder.fit_transform(X)  # LEAK
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    model = CatBoostRegressor(verbose=False).fit(X_train, y_train)
    print(f"R2 {r2_score(y_test, model.predict(X_test)):.3f}")


if __name__ == "__main__":
    main()
