import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

df = pd.read_csv("mushrooms.csv")
y = df["class"].eq("p").astype(int)
X = df.drop(columns="class")

ordered = ["gill-spacing", "gill-size", "ring-number"]
nominal = [c for c in X.columns if c not in ordered]
encode = ColumnTransformer(
    [
        ("ordinal", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ordered),
        ("onehot", OneHotEncoder(handle_unknown="ignore"), nominal),
    ]
)
X_encoded = encode.fit_transform(X)  # LEAK
X_train, X_test, y_train, y_test = train_test_split(X_encoded, y, test_size=0.33, random_state=101)
clf = GradientBoostingClassifier().fit(X_train, y_train)
print("held-out accuracy:", clf.score(X_test, y_test))
