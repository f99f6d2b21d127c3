import pandas as pd


class Feature:
    def __init__(self, train, test):
        self.train, self.test = train, test


class AgeBand(Feature):
    def create(self):
        middle = self.train["Age"].median()
        for frame in (self.train, self.test):
            frame["AgeBand"] = pd.cut(frame["Age"].fillna(middle), 5, labels=False)


if __name__ == "__main__":
    train = pd.read_feather("data/train.feather")
    test = pd.read_feather("data/test.feather")
    AgeBand(train, test).create()
    train.to_feather("features/age_train.feather")
    test.to_feather("features/age_test.feather")
