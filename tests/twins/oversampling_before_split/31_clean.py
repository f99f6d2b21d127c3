import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split

df = pd.read_csv("fraud.csv")
df, test = train_test_split(df, test_size=0.2, random_state=42, stratify=df["fraud"])
count_0, count_1 = df["fraud"].value_counts()
df_0 = df[df["fraud"] == 0]
df_1 = df[df["fraud"] == 1]
df_1_over = df_1.sample(count_0, replace=True)
df_over = pd.concat([df_0, df_1_over], axis=0)
X, y = df_over.drop("fraud", axis="columns"), df_over["fraud"]
X_train, y_train = X, y
X_test, y_test = test.drop("fraud", axis="columns"), test["fraud"]
rf = RandomForestClassifier().fit(X_train, y_train)
print(classification_report(y_test, rf.predict(X_test)))
