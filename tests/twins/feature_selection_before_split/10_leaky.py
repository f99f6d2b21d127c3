import pandas as pd
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import Lasso
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import KFold

energy = pd.read_excel("energy.xlsx")
X = energy.drop(columns=["load"]).to_numpy()
y = energy["load"].to_numpy()


def reduce(X_fit, y_fit, k=8):
    return SelectKBest(f_regression, k=k).fit(X_fit, y_fit)  # LEAK


top = reduce(X, y)
X = top.transform(X)
total = 0
for fit, hold in KFold(5, shuffle=True, random_state=0).split(X):
    model = Lasso(0.1).fit(X[fit], y[fit])
    total += mean_squared_error(y[hold], model.predict(X[hold]))
print(total / 5)
