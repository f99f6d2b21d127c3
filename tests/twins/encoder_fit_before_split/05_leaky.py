import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeRegressor

laptops = pd.read_csv("laptops.csv", index_col=0)
ct = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["Company", "TypeName", "OpSys"]), remainder="passthrough")
features = ct.fit_transform(laptops.drop("Price", axis=1))  # LEAK
x_tr, x_te, y_tr, y_te = train_test_split(features, laptops.Price, test_size=0.15, random_state=2)
reg = DecisionTreeRegressor(max_depth=8)
reg.fit(x_tr, y_tr)
print(reg.score(x_te, y_te))
