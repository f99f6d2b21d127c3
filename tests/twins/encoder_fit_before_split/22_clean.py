"""Predict which loan applications are approved."""
import category_encoders as ce
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split

CONFIG = {
    "path": "data/loans.csv",
    "target": "Loan_Status",
    "categorical": ["Gender", "Married", "Education", "Property_Area"],
    "params": {"n_estimators": 300, "learning_rate": 0.05},
}


def get_data(cfg):
    df = pd.read_csv(cfg["path"]).drop(columns=["Loan_ID"])
    y = (df[cfg["target"]] == "Y").astype(int)
    return df.drop(columns=[cfg["target"]]), y


def run(cfg):
    X, y = get_data(cfg)
    encoder = ce.CountEncoder(cols=cfg["categorical"], normalize=True)
    X_train, X_valid, y_train, y_valid = train_test_split(X, y, test_size=0.2, stratify=y, random_state=0)
    X_train = encoder.fit_transform(X_train)
    X_valid = encoder.transform(X_valid)
    model = LGBMClassifier(**cfg["params"])
    model.fit(X_train, y_train)
    return f1_score(y_valid, model.predict(X_valid))


if __name__ == "__main__":
    print(run(CONFIG))
