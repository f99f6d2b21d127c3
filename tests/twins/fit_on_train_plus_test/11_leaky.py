import pandas as pd
from sklearn.preprocessing import StandardScaler

TRAIN, TEST = "input/train.csv", "input/test.csv"


def read():
    return pd.read_csv(TRAIN), pd.read_csv(TEST)


def scale(train, test, columns):
    scaler = StandardScaler()
    scaler.fit(pd.concat([train[columns], test[columns]], axis=0))  # LEAK
    train[columns] = scaler.transform(train[columns])
    test[columns] = scaler.transform(test[columns])
    return train, test


if __name__ == "__main__":
    train, test = read()
    train, test = scale(train, test, ["age", "fare"])
    train.to_csv("work/train.csv", index=False)
    test.to_csv("work/test.csv", index=False)
