import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import RFE
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC


def load_features(path="genes.csv"):
    df = pd.read_csv(path, index_col=0)
    return df.drop(columns=["subtype"]), df["subtype"]


def main():
    X, y = load_features()
    rfe = RFE(RandomForestClassifier(), n_features_to_select=25, step=0.1)
    X = rfe.fit_transform(X, y)  # LEAK
    scores = cross_val_score(LinearSVC(), X, y, cv=10)
    print("%.3f +- %.3f" % (scores.mean(), scores.std()))


if __name__ == "__main__":
    main()
