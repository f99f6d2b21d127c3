import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

TARGET = "is_fraud"
CATS = ["merchant", "category", "city"]


def add_target_means(df, reference, cols, target):
    for col in cols:
        stats = reference.groupby(col)[target].agg(["mean", "count"]).reset_index()
        stats.columns = [col, f"{col}_rate", f"{col}_n"]
        df = df.merge(stats, on=col, how="left")
    return df


def main():
    df = pd.read_csv("transactions.csv", parse_dates=["trans_time"])
    df["hour"] = df["trans_time"].dt.hour
    train, test = train_test_split(df, test_size=0.2, random_state=17, stratify=df[TARGET])
    history, train = train_test_split(train, test_size=0.5, random_state=17, stratify=train[TARGET])
    train, test = (add_target_means(part, history, CATS, TARGET) for part in (train, test))
    drop = [TARGET, "trans_time", *CATS]
    booster = xgb.XGBClassifier(n_estimators=400, max_depth=6, eval_metric="auc")
    booster.fit(train.drop(columns=drop), train[TARGET])
    print(roc_auc_score(test[TARGET], booster.predict_proba(test.drop(columns=drop))[:, 1]))


if __name__ == "__main__":
    main()
