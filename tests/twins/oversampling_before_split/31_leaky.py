import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split

df = pd.read_csv("fraud.csv")
count_0, count_1 = df["fraud"].value_counts()
df_0 = df[df["fraud"] == 0]
df_1 = df[df["fraud"] == 1]
df_1_over = df_1.sample(count_0, replace=True)  # LEAK
df_over = pd.concat([df_0, df_1_over], axis=0)
X, y = df_over.drop("fraud", axis="columns"), df_over["fraud"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=15, stratify=y)
rf = RandomForestClassifier().fit(X_train, y_train)
print(classification_report(y_test, rf.predict(X_test)))
