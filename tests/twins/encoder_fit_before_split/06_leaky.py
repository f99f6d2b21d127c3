import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder


class Model:
    def __init__(self, path):
        self.data = pd.read_csv(path)
        self.encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)

    def prepare(self):
        self.labels = self.data["hired"]
        self.inputs = self.data[["degree", "city", "role"]]
        self.inputs = self.encoder.fit_transform(self.inputs)  # LEAK

    def evaluate(self):
        model = LogisticRegression()
        return cross_val_score(model, self.inputs, self.labels, cv=10, scoring="f1").mean()


m = Model("applicants.csv")
m.prepare()
print(m.evaluate())
