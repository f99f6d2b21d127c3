"""What the engine says of small modules; whole programs are in `tests/twins`."""

import textwrap
import time

import pytest

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks
from tasks.evidence.training.leakage.kinds import LEAK_KINDS

HEAD = """
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
"""


@pytest.fixture
def leaks(tmp_path):
    def build(code, head=HEAD, certainty=("certain", "likely"), **files):
        (tmp_path / "main.py").write_text(head + textwrap.dedent(code))
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
        found = find_leaks(Snapshot.of_folder(tmp_path))
        assert all(leak.kind in LEAK_KINDS for leak in found)
        return [(leak.kind, leak.place.snippet) for leak in found if leak.certainty in certainty]

    return build


def kinds(found):
    return [kind for kind, _ in found]


def test_a_scaler_fitted_before_the_split_is_reported_at_its_fit(leaks):
    found = leaks("""
        df = pd.read_csv("a.csv")
        X = StandardScaler().fit_transform(df[["a", "b"]])
        X_train, X_test, y_train, y_test = train_test_split(X, df["y"])
    """)
    assert found == [("scaler_or_imputer_fit_before_split", 'X = StandardScaler().fit_transform(df[["a", "b"]])')]


def test_a_scaler_inside_a_cross_validated_pipeline_is_clean(leaks):
    assert not leaks("""
        df = pd.read_csv("a.csv")
        print(cross_val_score(make_pipeline(StandardScaler(), Ridge()), df[["a"]], df["y"]))
    """)


def test_a_scaler_without_any_split_is_no_leak(leaks):
    assert not leaks("""
        df = pd.read_csv("a.csv")
        print(StandardScaler().fit_transform(df))
    """)


def test_data_is_followed_through_functions_and_attributes(leaks):
    found = leaks("""
        class Job:
            def load(self):
                self.frame = scale(pd.read_csv("a.csv"))

            def run(self):
                self.load()
                return train_test_split(self.frame)

        def scale(frame):
            frame["a"] = StandardScaler().fit_transform(frame[["a"]])
            return frame

        Job().run()
    """)
    assert kinds(found) == ["scaler_or_imputer_fit_before_split"]


def test_a_leak_in_an_imported_module_is_placed_in_that_module(leaks):
    found = leaks(
        """
        from preparing import prepare
        train, test = train_test_split(prepare(pd.read_csv("a.csv")))
        """,
        preparing="""
        from sklearn.preprocessing import MinMaxScaler

        def prepare(frame):
            frame[["a"]] = MinMaxScaler().fit_transform(frame[["a"]])
            return frame
        """,
    )
    assert found == [("scaler_or_imputer_fit_before_split", 'frame[["a"]] = MinMaxScaler().fit_transform(frame[["a"]])')]


def test_only_one_branch_leaks_and_is_still_reported(leaks):
    found = leaks("""
        df = pd.read_csv("a.csv")
        if input():
            df = pd.DataFrame(StandardScaler().fit_transform(df))
        train, test = train_test_split(df)
    """)
    assert kinds(found) == ["scaler_or_imputer_fit_before_split"]


def test_a_refit_on_all_rows_after_the_score_is_clean_and_before_it_is_an_overlap(leaks):
    split = 'df = pd.read_csv("a.csv")\nX_train, X_test, y_train, y_test = train_test_split(df[["a"]], df["y"])\nmodel = Ridge()\n'
    fit, refit, score = (
        "model.fit(X_train, y_train)\n",
        'model.fit(df[["a"]], df["y"])\n',
        "print(r2_score(y_test, model.predict(X_test)))\n",
    )
    assert not leaks(split + fit + score + refit)
    assert kinds(leaks(split + fit + refit + score)) == ["train_test_overlap"]


def test_a_mean_of_train_and_test_is_reported_when_it_is_used(leaks):
    loaded = 'train = pd.read_csv("train.csv")\ntest = pd.read_csv("test.csv")\nmean = pd.concat([train, test])["a"].mean()\n'
    assert kinds(leaks(loaded + 'train["a"] = train["a"].fillna(mean)\n')) == ["fit_on_train_plus_test"]
    assert not leaks(loaded + "print(mean)\n")


def test_a_dropped_target_is_clean_and_a_kept_one_is_a_leak(leaks):
    code = 'df = pd.read_csv("a.csv")\ny = df["y"]\nX = df.drop(columns={})\nRidge().fit(X, y)\n'
    assert not leaks(code.format('["id", "y"]'))
    assert kinds(leaks(code.format('["id"]'))) == ["target_in_features"]


def test_a_target_told_by_its_position_is_compared_only_when_the_number_of_columns_does_not_matter(leaks):
    code = 'table = np.loadtxt("a.csv")\nX = table[:, {}]\ny = table[:, {}]\nRidge().fit(X, y)\n'
    assert kinds(leaks(code.format("1:", "-1"))) == ["target_in_features"]
    assert not leaks(code.format(":-1", "1"))
    assert not leaks(code.format("1:", "0"))


def test_a_model_chosen_on_a_part_of_the_training_rows_is_clean(leaks):
    code = """
        df = pd.read_csv("a.csv")
        train, test = train_test_split(df)
        X_train, X_test, y_train, y_test = train_test_split(train[["a"]], train["y"])
        best = 0
        for alpha in (1, 10):
            score = r2_score(y_test, Ridge(alpha).fit(X_train, y_train).predict(X_test))
            if score > best:
                best = score
    """
    assert not leaks(code)
    assert kinds(leaks(code.replace("train[", "df["))) == ["model_selection_on_test"]


def test_stopping_on_the_fold_that_is_scored_is_a_leak_unless_test_rows_are_held_back(leaks):
    code = """
        from lightgbm import LGBMRegressor, early_stopping
        from sklearn.model_selection import KFold
        df = pd.read_csv("a.csv")
        X, y = df[["a"]], df["y"]
        for fit, hold in KFold(5).split(X):
            model = LGBMRegressor()
            model.fit(X.iloc[fit], y.iloc[fit], eval_set=[(X.iloc[hold], y.iloc[hold])], callbacks=[early_stopping(9)])
            print(r2_score(y.iloc[hold], model.predict(X.iloc[hold])))
    """
    assert kinds(leaks(code)) == ["early_stopping_on_test"]
    assert not leaks(code.replace('df = pd.read_csv("a.csv")', 'df, test = train_test_split(pd.read_csv("a.csv"))'))


def test_statistics_within_a_row_are_clean(leaks):
    assert not leaks("""
        X = np.load("x.npy")
        X = X - X.mean(axis=1, keepdims=True)
        X_train, X_test = train_test_split(X)
    """)


def test_encoding_the_target_is_clean(leaks):
    assert not leaks("""
        from sklearn.preprocessing import OneHotEncoder
        df = pd.read_csv("a.csv")
        y = df[["y"]]
        y = OneHotEncoder().fit_transform(y)
        X_train, X_test, y_train, y_test = train_test_split(df[["a"]], y)
    """)


def test_repeating_an_experiment_with_other_seeds_is_no_selection(leaks):
    code = """
        df = pd.read_csv("a.csv")
        X_train, X_test, y_train, y_test = train_test_split(df[["a"]], df["y"])
        scores = []
        for {} in range(10):
            scores.append(r2_score(y_test, Ridge({}).fit(X_train, y_train).predict(X_test)))
        print(max(scores))
    """
    assert not leaks(code.format("seed", "random_state=seed"))
    assert kinds(leaks(code.format("alpha", "alpha"))) == ["model_selection_on_test"]


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    return f(f(x))\ndf = f(pd.read_csv('a'))\ntrain_test_split(df)\n",
        "class A(A):\n    pass\nA().b.c().d[1:2, ..., None] = *a, b = A\n",
        "x = " + "(" * 80 + "1" + ")" * 80 + "\ntrain_test_split(x)\n",
        "x = " + " + ".join(["a"] * 900) + "\ntrain_test_split(x)\n",
        "train_test_split()\nRidge().fit()\nRidge.fit\npd.concat()\nr2_score()\nnp.load()[0][0].drop()\n",
        "df = pd.read_csv('a')\ndf[df] = df\ndf.loc[df, df] = df\ndel df[df]\ndf.drop(df).fit(df).transform(df).split(df)\ntrain_test_split(df)\n",
        "a, (b, *c) = train_test_split(*[1], **{'x': 2})\nfor i, (j, k) in enumerate(zip(a, b, c)): i.append(j)\n",
        "lambda: (yield)\nmatch 1:\n    case {'a': b}: train_test_split(b)\nasync def f():\n    async with a as b: await train_test_split(b)\n",
    ],
)
def test_odd_code_is_never_an_exception(tmp_path, code):
    (tmp_path / "main.py").write_text(HEAD + code)
    snapshot = Snapshot.of_folder(tmp_path)
    find_leaks(snapshot)
    assert not {k: v for k, v in snapshot.problems.items() if v.startswith("leaks")}


def test_a_module_that_cannot_be_followed_is_a_problem_and_the_others_are_followed(tmp_path, monkeypatch):
    import tasks.evidence.training.leakage.repository as repository

    follow = repository.follow_module

    def broken(module, *others):
        if module.path == "a.py":
            raise KeyError("odd")
        return follow(module, *others)

    monkeypatch.setattr(repository, "follow_module", broken)
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(HEAD + 'train_test_split(StandardScaler().fit_transform(pd.read_csv("a.csv")))\n')
    snapshot = Snapshot.of_folder(tmp_path)
    assert [leak.place.file for leak in find_leaks(snapshot)] == ["b.py"]
    assert snapshot.problems["a.py"] == "leaks not looked for: KeyError"


def test_calls_that_multiply_end_at_the_step_limit(tmp_path):
    functions = "".join(f"def f{i}(x):\n    return f{i + 1}(x) + f{i + 1}(x) + f{i + 1}(x)\n" for i in range(30))
    (tmp_path / "main.py").write_text(HEAD + functions + "def f30(x):\n    return x\ntrain_test_split(f0(pd.read_csv('a.csv')))\n")
    started = time.monotonic()
    snapshot = Snapshot.of_folder(tmp_path)
    find_leaks(snapshot)
    assert time.monotonic() - started < 20
    assert "first part only" in snapshot.problems["main.py"]


def test_a_notebook_leak_names_its_physical_line_and_cell(tmp_path):
    cells = ["import pandas as pd\nfrom sklearn.preprocessing import StandardScaler\n", 'df = pd.read_csv("a.csv")\n']
    cells += ["X = StandardScaler().fit_transform(df)\n", "from sklearn.model_selection import train_test_split\ntrain_test_split(X)\n"]
    import json

    text = json.dumps(
        {"cells": [{"cell_type": "code", "source": [c], "outputs": [], "metadata": {}} for c in cells], "metadata": {}}, indent=0
    )
    (tmp_path / "a.ipynb").write_text(text)
    (leak,) = find_leaks(Snapshot.of_folder(tmp_path))
    assert leak.place.cell == 2
    assert "StandardScaler().fit_transform" in text.split("\n")[leak.place.line - 1]
