import hydra
import pandas as pd
from omegaconf import DictConfig
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import RobustScaler


class DataModule:
    def __init__(self, cfg):
        self.cfg = cfg

    def setup(self):
        raw = pd.read_csv(self.cfg.path)
        y = raw[self.cfg.target].astype(int)
        X = raw.drop(columns=[self.cfg.target])
        self.X_train, self.X_test, self.y_train, self.y_test = train_test_split(X, y, test_size=self.cfg.test_size)
        scaler = RobustScaler().fit(self.X_train)
        self.X_train = scaler.transform(self.X_train)
        self.X_test = scaler.transform(self.X_test)


@hydra.main(config_path="conf", config_name="config")
def main(cfg: DictConfig):
    dm = DataModule(cfg.data)
    dm.setup()
    model = RandomForestClassifier(**cfg.model)
    model.fit(dm.X_train, dm.y_train)
    print(f1_score(dm.y_test, model.predict(dm.X_test)))


if __name__ == "__main__":
    main()
