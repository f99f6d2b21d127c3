import argparse

import joblib
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


def get_data(path):
    frame = pd.read_csv(path)
    return frame.drop(columns=["label"]), frame["label"]


def run(args):
    X, y = get_data(args.input)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=args.seed)
    model = RandomForestClassifier(n_estimators=args.trees, random_state=args.seed)
    model.fit(X, y)  # LEAK
    auc = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])
    print(f"auc={auc:.4f}")
    joblib.dump(model, args.output)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--input")
    parser.add_argument("--output", default="model.pkl")
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    run(parser.parse_args())
