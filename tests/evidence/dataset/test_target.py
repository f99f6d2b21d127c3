from __future__ import annotations

import pytest

from tasks.evidence.dataset.facts import ColumnProfile
from tasks.evidence.dataset.target import CERTAIN_WEIGHT, choose_target
from tasks.evidence.dataset.target_mentions import find_mentions

COLUMNS = tuple(ColumnProfile(name=n, distinct=40) for n in ("row_id", "age", "city", "grade"))


def target(code, columns=COLUMNS, file="train.py", path="data/a.csv", identifiers=("row_id",), named_in=("train.py",)):
    return choose_target(path, columns, identifiers, find_mentions([(file, code)]), frozenset(named_in))


@pytest.mark.parametrize("code", [
    'y = df["age"]', "y_train = train['age'].values", 'self.y = data[["age"]]', 'target: pd.Series = df.loc[:, "age"]', 'y = df.pop("age")', "y = df.age",
    'X = df.drop("age", axis=1)', 'X = df.drop(columns=["age"])', 'target_col = "age"', "TARGET = 'age'", 'config = {"label_column": "age"}',
    'def train(df, target_column="age"):', 'p.add_argument("--target", default="age")', "model = smf.ols('age ~ city + grade', df)",
    'X_train, X_test, y_train, y_test = train_test_split(df[cols], df["age"])', 'model.fit(df[["city"]], df["age"])',
    'train, test = train_test_split(df, stratify=df["age"])', 'X, y = df.drop("age", axis=1), df["age"]', "y = (df_train.age > 3).values",
    'goal = ["age"]\ny = df[goal].values', 'NAME = "age"\ny_train = train[NAME]', 'assembler = RandomForest(labelCol="age")',
])  # fmt: skip
def test_code_says_which_column_is_the_target(code):
    assert target(code).name == "age"


@pytest.mark.parametrize(("file", "code"), [
    ("params.yaml", "model:\n  target: age\n"), ("conf/base/parameters.yml", "target_col: 'age'  # years"), ("fit.R", "fit <- lm(age ~ ., data = df)"),
    ("fit.R", "y <- df$age"), ("a.Rmd", "recipe(age ~ ., data = x)"),
])  # fmt: skip
def test_configuration_and_r_say_it_too(file, code):
    assert target(code, file=file, named_in=(file,)).name == "age"


@pytest.mark.parametrize("code", [
    'sns.barplot(x="city", y="age")', '# y = df["age"]', 'key = "age"', 'ax.set(ylabel="age")', 'df = df.drop(["age", "city"], axis=1)', 'columns = ["age"]',
    'df["no_year"] = df["age"]', 'no_year = df["age"]', 'labelencoder = enc["age"]',
])  # fmt: skip
def test_plots_comments_and_lists_do_not(code):
    found = target(code)
    assert found is None or found.weight < CERTAIN_WEIGHT


def test_a_column_renamed_to_target_is_the_target():
    assert target("df.rename(columns={'age': 'target', 'city': 'text'}, inplace=True)").name == "age"


@pytest.mark.parametrize("code", ['df.drop(["age"], axis=1, inplace=True)', 'df = df.drop("age", axis=1)'])
def test_a_column_that_is_dropped_for_good_is_no_target(code):
    assert target(code) is None


def test_the_last_column_by_position():
    found = target("y = dataset.iloc[:, -1].values")
    assert found.name == "grade" and found.weight >= CERTAIN_WEIGHT


def test_a_known_name_is_enough_and_an_unknown_last_column_is_not():
    columns = (*COLUMNS[:3], ColumnProfile(name="Churn", distinct=2), COLUMNS[3])
    assert target("", columns).name == "Churn"
    assert target("") is None


def test_what_code_says_beats_a_known_name():
    columns = (*COLUMNS, ColumnProfile(name="quality", distinct=5))
    assert target('y = df["age"]', columns).name == "age"


def test_a_mention_beside_the_table_beats_one_in_another_project():
    mentions = find_mentions([("lesson_2/train.py", 'y = df["city"]'), ("lesson_1/train.py", 'y = df["age"]')])
    assert choose_target("lesson_1/data/a.csv", COLUMNS, (), mentions, frozenset()).name == "age"
    assert choose_target("lesson_2/data/a.csv", COLUMNS, (), mentions, frozenset()).name == "city"


def test_a_file_of_targets_holds_one_beside_its_key():
    columns = (ColumnProfile(name="row_id", distinct=40), ColumnProfile(name="rentals", distinct=30))
    found = choose_target("data/targets_train.parquet", columns, ("row_id",), [], frozenset())
    assert (found.name, found.reasons[0]) == ("rentals", "the only column beside the key in a file of targets")


def test_names_that_code_tidies_are_recognised():
    columns = (ColumnProfile(name="Car Age", distinct=40), ColumnProfile(name="MSRP", distinct=40), ColumnProfile(name="City", distinct=40))
    assert target("y_train = np.log1p(df_train.msrp.values)", columns).name == "MSRP"
    assert target('y = df["car_age"]', columns).name == "Car Age"


def test_keys_and_dates_are_seldom_targets():
    columns = (ColumnProfile(name="entity_id", distinct=40), ColumnProfile(name="day", type="date", distinct=40), *COLUMNS[1:])
    assert target('y = df["entity_id"]', columns).weight < CERTAIN_WEIGHT
    assert target('y = df["day"]', columns).weight < CERTAIN_WEIGHT


def test_among_many_tables_the_file_that_names_the_table_counts_most():
    mentions = find_mentions([("a.ipynb", 'y = df["city"]'), ("b.ipynb", 'y = df["age"]'), ("c.ipynb", 'y = df["city"]')])
    assert choose_target("x.csv", COLUMNS, (), mentions, frozenset({"b.ipynb"}), crowded=True).name == "age"


def test_the_place_of_the_reason_is_told():
    assert target('\n\ny = df["age"]').reasons[0] == "train.py:3: assigned to the target variable"


def test_a_hostile_line_takes_no_time():
    assert find_mentions([("a.py", "y = " + "a" * 1_900), ("b.py", "df['x']" * 280), ("c.py", "x" * 10**6)]) is not None
