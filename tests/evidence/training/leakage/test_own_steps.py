import pytest

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks

CODE = """
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
class Tidy:
    def fit(self, X, y=None):
        return self
    def transform(self, X):
        return X.drop(columns="survived")
df = pd.read_csv("train.csv")
pipe = Pipeline([("first", {step}), ("rf", RandomForestClassifier())])
pipe.fit(df, df["survived"])
"""


@pytest.mark.parametrize(
    ("step", "kinds"),
    [("Tidy()", set()), ("FunctionTransformer(tidy)", set()), ("StandardScaler()", {"target_in_features"})],
)
def test_a_step_of_ones_own_may_drop_the_target(tmp_path, step, kinds):
    (tmp_path / "train.py").write_text(CODE.format(step=step))
    assert {leak.kind for leak in find_leaks(Snapshot.of_folder(tmp_path))} == kinds


def test_what_a_column_transformer_gives_holds_only_its_columns(tmp_path):
    code = CODE.split("pipe =")[0] + (
        "from sklearn.compose import make_column_transformer\nct = make_column_transformer((StandardScaler(), ['age']))\nct.fit(df)\n"
        "RandomForestClassifier().fit(ct.transform(df), df['survived'])\n"
    )
    (tmp_path / "train.py").write_text(code)
    assert not [leak for leak in find_leaks(Snapshot.of_folder(tmp_path)) if leak.kind == "target_in_features"]
