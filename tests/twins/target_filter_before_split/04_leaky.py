import pandas as pd
from sklearn.linear_model import Lasso
from sklearn.model_selection import cross_val_score

cars = pd.read_csv("cars.csv")
cars = cars.query("price > 500 and price < 50000")  # LEAK
print(cross_val_score(Lasso(), cars[["year", "km"]], cars["price"], cv=5).mean())
