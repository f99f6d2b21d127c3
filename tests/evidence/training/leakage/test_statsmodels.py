import pytest

from tasks.evidence.snapshot import Snapshot
from tasks.evidence.training.leakage import find_leaks

HEAD = """
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
df = pd.read_csv("a.csv")
X, y = df[["a", "b"]], df["y"]
"""


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("m = sm.OLS(y, X).fit()\nprint(r2_score(y, m.predict()))", "evaluated_on_training_data"),
        ("m = smf.ols('y ~ a', data=df).fit()\nprint(r2_score(df['y'], m.predict(df)))", "evaluated_on_training_data"),
        ("p = sm.OLS(y, X).fit().pvalues\nX = X[p[p < 0.05].index]\na, b, c, d = train_test_split(X, y)", "feature_selection_before_split"),
    ],
)
def test_a_model_made_with_its_rows_is_fitted_on_them(tmp_path, code, kind):
    (tmp_path / "main.py").write_text(f"{HEAD}{code}\n")
    assert [leak.kind for leak in find_leaks(Snapshot.of_folder(tmp_path))] == [kind]


def test_p_values_of_the_training_rows_choose_columns_rightly(tmp_path):
    code = "A, B, a, b = train_test_split(X, y)\np = sm.OLS(a, A).fit().pvalues\nkeep = p[p < 0.05].index\nLinearRegression().fit(A[keep], a).score(B[keep], b)\n"
    (tmp_path / "main.py").write_text(HEAD + code)
    assert find_leaks(Snapshot.of_folder(tmp_path)) == ()
