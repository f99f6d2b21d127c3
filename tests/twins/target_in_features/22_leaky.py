import numpy as np
import pandas as pd
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

sales = pd.read_csv("melb_data.csv").select_dtypes("number").dropna()
sales["log_price"] = np.log1p(sales["Price"])
features = [c for c in sales.columns if c != "log_price"]  # LEAK
X_train, X_test, y_train, y_test = train_test_split(sales[features], sales["log_price"], test_size=0.2, random_state=0)
net = ElasticNet(alpha=0.01)
net.fit(X_train, y_train)
print(mean_squared_error(y_test, net.predict(X_test)))
