from dataclasses import dataclass

import pandas as pd
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


@dataclass
class Experiment:
    path: str
    components: int = 20

    def load(self):
        frame = pd.read_parquet(self.path)
        self.y = frame.pop("diagnosis")
        self.X = frame

    def run(self):
        self.load()
        model = make_pipeline(StandardScaler(), PCA(self.components), SVC(C=10))
        scores = cross_val_score(model, self.X, self.y, cv=5)
        return scores.mean(), scores.std()


if __name__ == "__main__":
    print(Experiment("radiomics.parquet").run())
