import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, r2_score

df = pd.read_csv("insurance.csv")
df["smoker"] = (df["smoker"] == "yes").astype(int)
df = df.sample(frac=1, random_state=0).reset_index(drop=True)
cols = ["age", "bmi", "children", "smoker"]

train = df.iloc[:1100]
test = df.iloc[1100:]

reg = LinearRegression()
reg.fit(train[cols], train["charges"])
pred = reg.predict(test[cols])
print("MAE", mean_absolute_error(test["charges"], pred))
print("R2", r2_score(test["charges"], pred))
