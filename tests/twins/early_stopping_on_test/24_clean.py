import pandas as pd
from catboost import CatBoostRegressor, Pool
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

diamonds = pd.read_csv("diamonds.csv")
cats = ["cut", "color", "clarity"]
X, y = diamonds.drop(columns="price"), diamonds["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.1, random_state=0)
train_pool = Pool(X_train, y_train, cat_features=cats)
test_pool = Pool(X_test, y_test, cat_features=cats)
val_pool = Pool(X_val, y_val, cat_features=cats)
model = CatBoostRegressor(iterations=3000, learning_rate=0.05)
model.fit(train_pool, eval_set=val_pool, use_best_model=True, verbose=200)
print("R2", r2_score(y_test, model.predict(test_pool)))
