"""Data rules on what a table holds: repeats, gaps, constants, rare classes, too few rows."""

from __future__ import annotations

from tasks.evidence.dataset.facts import DatasetProfile
from tasks.rules.applicability import TEACHING, nothing_trained
from tasks.rules.dataset_tables import at_tables, judged_tables, named, no_tables, training_tables
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

DUPLICATE_SHARE = 0.01
"""Proportion of repeated rows that is worth a look: our policy."""
DUPLICATE_ROWS = 5
DUPLICATE_COLUMNS = 4
"""Narrower tables repeat by nature."""
NULL_SHARE = 0.05
"""Proportion of empty cells in a column that code has to handle; below it dropping rows hardly matters (Schafer, Multiple
imputation: a primer, 1999)."""
MOSTLY_NULL_SHARE = 0.5
MINORITY_SHARE = 0.2
"""A class with less than this part of an even share is rare: 10 % of two classes. Google's course on imbalanced data calls
1 to 20 % a moderate imbalance; we take its middle."""
SMALL_TABLE_ROWS = 100
"""With a fifth held out, a test accuracy on fewer rows is sure to no better than 20 points: our policy."""
_ELSEWHERE = frozenset(
    ["url", "kaggle", "s3", "gcs", "azure_blob", "gdrive", "sql", "bigquery", "azureml", "roboflow", "yahoo_finance", "zenodo", "uci", "openml",
     "hf_dataset"]
)  # fmt: skip
"""Kinds of reference that bring data from outside the code and its libraries."""
_OUR_LIMITS = ("not read:", "not profiled")
"""Beginnings of problems that are ours and not the file's."""


def check_duplicates(evidence: Evidence) -> Outcome:
    if missing := no_tables(evidence):
        return missing
    wide = [d for d in judged_tables(evidence) if d.n_columns >= DUPLICATE_COLUMNS]
    if not wide:
        return NotApplicable(reason="the tables are so narrow that rows repeat by nature")
    if all(d.duplicates is None for d in wide):
        return Undetermined(reason="the cells are nested, so that rows cannot be compared")
    found = [(d, d.duplicates or 0) for d in wide if _repeats(d)]
    if not found:
        return Passed()
    worst, count = max(found, key=lambda item: item[1] / item[0].rows_profiled)
    return Failed(
        places=at_tables((d, f"{n:,} repeated rows") for d, n in found),
        detail=f"{count:,} of {worst.rows_profiled:,} rows of {worst.path} equal an earlier one.",
    )


def _repeats(table: DatasetProfile) -> bool:
    return (table.duplicates or 0) >= max(DUPLICATE_ROWS, DUPLICATE_SHARE * table.rows_profiled)


def check_constant_columns(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or no_tables(evidence):
        return missing
    found = [d for d in judged_tables(evidence) if d.constant_columns and d.n_columns > 1]
    if not found:
        return Passed()
    return Failed(
        places=at_tables((d, f"one value only: {named(d.constant_columns)}") for d in found),
        detail=f"{found[0].path} holds one value only in {named(found[0].constant_columns)}.",
    )


def check_nulls_handled(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or no_tables(evidence):
        return missing
    found = [(d, names) for d in judged_tables(evidence) if (names := _with_nulls(d, NULL_SHARE))]
    if not found or evidence.dataset.nulls_handled:
        return Passed()
    table, names = found[0]
    return Failed(
        places=at_tables((d, f"empty cells in {named(n)}") for d, n in found),
        detail=f"{named(names)} of {table.path} have at least {NULL_SHARE:.0%} empty cells, and no code fills, drops or models them.",
    )


def check_mostly_null(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or no_tables(evidence):
        return missing
    found = [(d, names) for d in judged_tables(evidence) if (names := _with_nulls(d, MOSTLY_NULL_SHARE))]
    if not found:
        return Passed()
    table, names = found[0]
    return Failed(
        places=at_tables((d, f"mostly empty: {named(n)}") for d, n in found),
        detail=f"At least half of the cells of {named(names)} in {table.path} are empty.",
    )


def _with_nulls(table: DatasetProfile, share: float) -> list[str]:
    return [c.name for c in table.columns if c.nulls >= share * table.rows_profiled and c.nulls]


def check_class_imbalance(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or no_tables(evidence):
        return missing
    if evidence.project.tasks and not any(t.endswith("classification") for t in evidence.project.tasks):
        return NotApplicable(reason="no classes are predicted")
    tables = [d for d in training_tables(evidence) if d.class_balance]
    if not tables:
        return NotApplicable(reason="no table has a target of a few classes")
    found = [(d, _rarest(d)) for d in tables if _rarest(d)[1] < MINORITY_SHARE / len(d.class_balance)]
    if not found or evidence.dataset.imbalance_mentioned:
        return Passed()
    table, (name, share) = found[0]
    return Failed(
        places=at_tables((d, f"`{d.target}` = {n}: {s:.2%} of the rows") for d, (n, s) in found),
        detail=f"Class {name} of `{table.target}` has {share:.2%} of the rows, and no code weighs or resamples classes.",
    )


def _rarest(table: DatasetProfile) -> tuple[str, float]:
    return min(table.class_balance.items(), key=lambda item: item[1])


def check_readable(evidence: Evidence) -> Outcome:
    """A limit of ours is no fault of the file."""
    files = evidence.dataset.datasets
    if not files:
        return NotApplicable(reason="no data file in the repository")
    broken = [d for d in files if d.problem and not d.problem.startswith(_OUR_LIMITS)]
    refused = [d for d in files if d.problem and d not in broken]
    if broken:
        return Failed(places=at_tables((d, d.problem) for d in broken), detail=f"{broken[0].path}: {broken[0].problem}.")
    if len(refused) == len(files):
        return Undetermined(reason=refused[0].problem)
    return Passed()


def check_size(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or no_tables(evidence):
        return missing
    if evidence.project.kind in TEACHING:
        return NotApplicable(reason="teaching material, templates and library demos need little data")
    if any(r.kind in _ELSEWHERE or r.kind.endswith("builtin") for r in evidence.dataset.references):
        return NotApplicable(reason="the data of the training comes from elsewhere")
    tables = training_tables(evidence) or judged_tables(evidence)
    largest = max(tables, key=lambda d: d.rows or d.rows_profiled)
    rows = largest.rows if largest.rows is not None else largest.rows_profiled
    if rows >= SMALL_TABLE_ROWS:
        return Passed()
    return Failed(places=at_tables([(largest, f"{rows} rows")]), detail=f"The largest table, {largest.path}, has {rows} rows.")


RULES: tuple[Rule, ...] = (
    Rule(
        code="DAT005", name="duplicate-rows", title="Rows are repeated",
        section="dataset", severity="medium", effort="low", check=check_duplicates,
        detected="At least 1 % of the rows of a table with four or more columns equal an earlier row in every column.",
        why="Repeats weigh twice in training and, after a random split, stand on both sides of it.",
        remedy="Drop them before the split (`df.drop_duplicates()`), or say why the same row may be observed twice.",
    ),
    Rule(
        code="DAT006", name="constant-columns", title="Columns never change",
        section="dataset", severity="low", effort="low", check=check_constant_columns,
        detected="Columns with one value, or none, in every row looked at.",
        why="They tell a model nothing, and often mean that a join or an export failed.",
        remedy="Drop them, or repair the step that filled them.",
    ),
    Rule(
        code="DAT007", name="missing-values-unhandled", title="Empty cells reach the model unhandled",
        section="dataset", severity="medium", effort="low", check=check_nulls_handled,
        detected="A column with at least 5 % empty cells, and no filling, dropping, imputing or null-tolerant learner anywhere "
            "in the code.",
        why="Training fails on them, or a reader drops the rows silently, and predictions meet them again in service.",
        remedy="Impute inside the pipeline that is fitted on the training part, and keep an indicator where absence says something.",
    ),
    Rule(
        code="DAT008", name="class-imbalance", title="A class is rare and nothing answers it",
        section="dataset", severity="medium", effort="low", check=check_class_imbalance,
        detected="A class has less than a fifth of an even share (10 % of two classes), and no class weight, resampling or focal "
            "loss is in the code.",
        why="A model that never predicts the rare class scores well and misses what matters.",
        remedy="Stratify the split, weigh the classes (`class_weight=\"balanced\"`), and report recall of the rare class or "
            "average precision.",
    ),
    Rule(
        code="DAT013", name="unreadable-data", title="A data file is not what its name says",
        section="dataset", severity="medium", effort="low", check=check_readable,
        detected="A file with the ending of a data format cannot be read as that format, is empty, or holds broken lines.",
        why="Training stops on it, or reads it in part without a word.",
        remedy="Write the file again in the format it is named after, or remove it.",
    ),
    Rule(
        code="DAT014", name="too-few-rows", title="There are too few rows to measure anything",
        section="dataset", severity="high", effort="high", check=check_size,
        detected="The largest table of a training project has fewer than 100 rows, and no data comes from elsewhere.",
        why="With a fifth held out, a handful of rows decides the score: the next split may say the opposite.",
        remedy="Train on the real data; keep the small file as a test fixture and say that it is one.",
    ),
    Rule(
        code="DAT016", name="mostly-empty-columns", title="Columns are mostly empty",
        section="dataset", severity="low", effort="low", check=check_mostly_null,
        detected="Columns of which at least half of the cells looked at are empty.",
        why="What is filled is seldom a random half; imputing it invents most of the column.",
        remedy="Drop them, or replace them by whether a value is there.",
    ),
)  # fmt: skip
