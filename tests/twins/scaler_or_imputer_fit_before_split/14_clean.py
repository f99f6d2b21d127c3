import pandas as pd
from prefect import flow, task
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split


@task(retries=2)
def extract(url: str) -> pd.DataFrame:
    return pd.read_csv(url)


@task
def impute(frame: pd.DataFrame, imputer) -> pd.DataFrame:
    return pd.DataFrame(imputer.fit_transform(frame), columns=frame.columns)


@task
def split(frame: pd.DataFrame):
    return train_test_split(frame, test_size=0.2, random_state=0)


@task
def fit(train: pd.DataFrame, test: pd.DataFrame) -> float:
    model = GradientBoostingRegressor().fit(train.drop(columns="y"), train["y"])
    return mean_absolute_error(test["y"], model.predict(test.drop(columns="y")))


@flow
def training(url: str = "https://example.org/data.csv"):
    frame = extract(url)
    train, test = split(frame)
    imputer = SimpleImputer()
    train = impute(train, imputer)
    test = pd.DataFrame(imputer.transform(test), columns=test.columns)
    print(fit(train, test))


if __name__ == "__main__":
    training()
