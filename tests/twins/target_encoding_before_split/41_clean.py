import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold

ads = pd.read_csv("ads.csv")
scores = []
for tr, te in StratifiedKFold(5, shuffle=True, random_state=0).split(ads, ads["click"]):
    train, test = ads.iloc[tr].copy(), ads.iloc[te].copy()
    ctr = train.groupby("campaign")["click"].mean()
    train["ctr"], test["ctr"] = train["campaign"].map(ctr), test["campaign"].map(ctr)
    model = HistGradientBoostingClassifier().fit(train[["ctr", "hour", "position"]], train["click"])
    scores.append(model.score(test[["ctr", "hour", "position"]], test["click"]))
print(np.mean(scores))
