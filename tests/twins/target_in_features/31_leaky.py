import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

matches = pd.read_csv("matches.csv")
matches["goal_diff"] = matches["home_goals"] - matches["away_goals"]
matches["home_win"] = (matches["goal_diff"] > 0).astype(int)
X = matches.drop(columns=["home_win", "date", "home_team", "away_team"])  # LEAK
y = matches["home_win"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
rf = RandomForestClassifier().fit(X_train, y_train)
print(rf.score(X_test, y_test))
