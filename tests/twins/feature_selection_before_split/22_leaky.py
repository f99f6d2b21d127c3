import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split


def rank_features(X, y, top=15):
    forest = RandomForestClassifier(n_estimators=100, random_state=1)
    forest.fit(X, y)  # LEAK
    ranking = pd.Series(forest.feature_importances_, index=X.columns).sort_values(ascending=False)
    print(ranking.head(top))
    return ranking.index[:top].tolist()


data = pd.read_csv("hr_attrition.csv")
data["Attrition"] = (data["Attrition"] == "Yes").astype(int)
data = pd.get_dummies(data, drop_first=True)
X, y = data.drop(columns="Attrition"), data["Attrition"]
best = rank_features(X, y)  # LEAK
X_train, X_test, y_train, y_test = train_test_split(X[best], y, test_size=0.2, random_state=11)
model = RandomForestClassifier(n_estimators=500, class_weight="balanced").fit(X_train, y_train)
print(classification_report(y_test, model.predict(X_test)))
