import pandas as pd
import statsmodels.api as sm
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split


def backward_elimination(X, y, threshold=0.05):
    cols = list(X.columns)
    while cols:
        p_values = sm.OLS(y, sm.add_constant(X[cols])).fit().pvalues.drop("const")  # LEAK
        worst = p_values.idxmax()
        if p_values[worst] <= threshold:
            break
        cols.remove(worst)
    return cols


startups = pd.get_dummies(pd.read_csv("50_Startups.csv"), dtype=float)
X = startups.drop(columns=["Profit"])
y = startups["Profit"]
selected = backward_elimination(X, y)  # LEAK
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
ols = sm.OLS(y_train, sm.add_constant(X_train[selected])).fit()
print(ols.summary())
print("test mse", mean_squared_error(y_test, ols.predict(sm.add_constant(X_test[selected]))))
