import argparse
import pickle

import pandas as pd
from imblearn.over_sampling import SMOTENC
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import recall_score
from sklearn.model_selection import train_test_split


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("csv")
    p.add_argument("--categorical", nargs="*", type=int, default=[0, 3])
    return p.parse_args()


def main():
    args = parse()
    frame = pd.read_csv(args.csv)
    features, label = frame.iloc[:, :-1], frame.iloc[:, -1]
    smote = SMOTENC(categorical_features=args.categorical)
    f_train, f_test, l_train, l_test = train_test_split(features, label, test_size=0.2, random_state=0)
    f_train, l_train = smote.fit_resample(f_train, l_train)
    clf = GradientBoostingClassifier().fit(f_train, l_train)
    print("recall", recall_score(l_test, clf.predict(f_test)))
    with open("clf.pkl", "wb") as out:
        pickle.dump(clf, out)


main()
