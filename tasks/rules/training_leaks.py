"""One readiness rule for each kind of leak, weighed by the damage it does rather than by how well known it is.

Over 2,047 datasets, fitting scalers on all rows moved the AUC by at most 0.005, while choosing on the test rows is what
inflates results (arXiv 2604.04199); so a target among the features is critical and a scaler fitted too early is low.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from tasks.evidence.training.leakage.kinds import LEAK_KINDS
from tasks.rules.applicability import PLACES_LIMIT, counted, mainly_other_language, nothing_trained, predicts_labels
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Effort, Failed, NotApplicable, Outcome, Passed, Rule, Severity, Undetermined

SCORED = ("certain", "likely")
"""A possible leak is worth a look and costs nothing."""
TABULAR = frozenset(
    ["sklearn", "xgboost", "lightgbm", "catboost", "imblearn", "category_encoders", "feature_engine", "statsmodels", "pyspark", "prophet",
     "pmdarima", "darts", "sktime", "autogluon", "pycaret", "h2o", "tpot", "flaml", "autosklearn", "r:caret", "r:recipes", "r:parsnip",
     "r:tidymodels"]
)  # fmt: skip
"""Libraries used on tables; a repository with neural networks alone has no scaler or selector to fit."""


def check_leak(kind: str, may_occur: Callable[[Evidence], bool], evidence: Evidence) -> Outcome:
    """Whether a leak of one kind was found. Where it could not arise it does not count as avoided."""
    if missing := nothing_trained(evidence):
        return missing
    facts = evidence.training
    leaks = [leak for leak in facts.leaks if leak.kind == kind and leak.certainty in SCORED]
    if leaks:
        leaks.sort(key=lambda leak: SCORED.index(leak.certainty))
        files = len({leak.place.file for leak in leaks})
        where = f" {len(leaks)} places in {counted(files, 'file')}." if len(leaks) > 1 else ""
        return Failed(places=tuple(leak.place for leak in leaks[:PLACES_LIMIT]), detail=_sentence(leaks[0].note) + where)
    if not facts.files_read or (not facts.fits and mainly_other_language(evidence)):
        return Undetermined(reason="leaks are followed through Python code and notebooks, and the training is in neither")
    return Passed() if may_occur(evidence) else NotApplicable(reason="nothing here that could leak this way")


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:].rstrip(".") + "." if note else ""


def _split(evidence: Evidence) -> bool:
    return evidence.training.split_present or evidence.training.cv


def _tabular(evidence: Evidence) -> bool:
    return not evidence.training.deep or bool(TABULAR & set(evidence.project.frameworks))


def _tabular_split(evidence: Evidence) -> bool:
    return _split(evidence) and _tabular(evidence)


def _supervised(evidence: Evidence) -> bool:
    return predicts_labels(evidence) or not evidence.project.tasks


def _supervised_table(evidence: Evidence) -> bool:
    return _supervised(evidence) and _tabular(evidence)


def _timed(evidence: Evidence) -> bool:
    dated = evidence.dataset_facts is not None and any(d.date_columns for d in evidence.dataset_facts.datasets)
    return dated or any(t.endswith("forecasting") for t in evidence.project.tasks)


def _identified(evidence: Evidence) -> bool:
    return evidence.dataset_facts is not None and any(d.id_columns for d in evidence.dataset_facts.datasets)


def _rebalanced(evidence: Evidence) -> bool:
    return evidence.dataset_facts is not None and evidence.dataset_facts.imbalance_mentioned


def _in_rounds(evidence: Evidence) -> bool:
    return bool(evidence.training.deep or evidence.training.iterative or evidence.training.early_stopping)


def _resumable(evidence: Evidence) -> bool:
    return bool(evidence.training.checkpoints or evidence.training.deep)


class _Leak(NamedTuple):
    number: int
    """Of the code: 101 is TRN101. Never reused."""
    kind: str
    title: str
    severity: Severity
    effort: Effort
    may_occur: Callable[[Evidence], bool]
    why: str
    remedy: str


_LEAKS: tuple[_Leak, ...] = (
    _Leak(101, "target_in_features", "The target is among the features", "critical", "low", _supervised,
          "The model reads the answer; its metric says nothing about new rows, for which the answer is not known.",
          "Drop the column, and every column computed from it or adding up to it, before the features are built."),
    _Leak(102, "train_test_overlap", "The test rows are among the training rows", "critical", "low", _split,
          "The model is asked what it has learnt by heart; the metric is memory.",
          "Fit on the training part only, and keep the two parts disjoint from the split to the report."),
    _Leak(103, "model_selection_on_test", "The model is chosen on the test set", "high", "low", _split,
          "The best of many on one test set is partly the luckiest; its number is too good by an unknown amount.",
          "Choose by cross-validation or a validation part of the training rows, and open the test set once, at the end."),
    _Leak(104, "oversampling_before_split", "Rows are duplicated or synthesised before the split", "high", "low", _rebalanced,
          "Copies and near copies of test rows are learnt, so rare classes look solved.",
          "Split first and resample the training part only: put the sampler into an `imblearn` pipeline."),
    _Leak(105, "feature_selection_before_split", "Features are chosen with the test rows in sight", "high", "low", _tabular_split,
          "With many columns even noise correlates with the labels of the rows at hand, and the test set confirms it.",
          "Put the selector into the pipeline that is fitted on the training rows of each split."),
    _Leak(106, "target_encoding_before_split", "Target statistics of test rows stand in the features", "high", "low", _tabular_split,
          "A category's mean holds the labels of its test rows; rare categories give them away.",
          "Fit the encoder inside the pipeline, with out-of-fold means: scikit-learn's `TargetEncoder` does that."),
    _Leak(107, "future_values_in_features", "Features are computed from later rows", "high", "medium", _timed,
          "At prediction time those rows do not exist yet, so the model fails exactly where it is used.",
          "Use positive shifts, trailing windows and forward fills only; check each feature with the data cut at its time."),
    _Leak(108, "random_split_of_time_series", "Dated rows are shuffled into training and test", "high", "low", _timed,
          "Neighbours in time stand on both sides, so the model is tested on days it has nearly seen.",
          "Split by time: train before a date, test after it, or use `TimeSeriesSplit`."),
    _Leak(109, "group_in_both_parts", "The same person or thing is trained and tested on", "high", "low", _identified,
          "The model recognises the individual instead of the pattern; with new individuals it does worse.",
          "Split with `GroupShuffleSplit` or `GroupKFold` by the entity's identifier."),
    _Leak(110, "fit_on_train_plus_test", "Something is learnt from training and test rows together", "medium", "low", _split,
          "What was kept apart is mixed again, and the test rows are not new any more.",
          "Fit on the training rows and only `transform` or `predict` the others."),
    _Leak(111, "target_filter_before_split", "Test rows are dropped by the value of their target", "medium", "low", _supervised_table,
          "The hard rows are gone from the test set too; in use they will come.",
          "Split first and filter outliers of the training part only, or report the metric on all test rows."),
    # The wrong number itself is judged in the evaluation section (EVL005), which carries the weight.
    _Leak(112, "evaluated_on_training_data", "The result comes from the rows the model was fitted on", "medium", "low", _supervised,
          "Such a number measures memory, not skill.",
          "Score the held-out part that `fit` never saw, or use `cross_val_score`."),
    _Leak(113, "early_stopping_on_test", "The test set decides when training stops", "medium", "low", _in_rounds,
          "The epoch that happened to fit the test rows is kept, and then reported on the same rows.",
          "Stop on a validation part of the training rows and report on the test set."),
    _Leak(114, "continued_training_from_checkpoints", "Training resumes from an earlier run's model", "medium", "low", _resumable,
          "The earlier run may have been trained on rows that are test rows now, and no run can be repeated.",
          "Start from a fresh model unless asked to resume, and store the split beside the checkpoint."),
    _Leak(115, "id_as_feature", "An identifier is among the features", "medium", "low", _supervised_table,
          "It orders or names rows; what is learnt from it does not hold for new ones.",
          "Drop identifiers before fitting, or turn them into what they stand for."),
    _Leak(116, "scaler_or_imputer_fit_before_split", "Scaling or imputation sees the test rows", "low", "low", _tabular_split,
          "Statistics of the test rows go into training; measured over many datasets the effect is small, the habit is not.",
          "Put scaler or imputer and model into one `Pipeline` and fit that on the training rows."),
    _Leak(117, "encoder_fit_before_split", "Categories are encoded with the test rows in sight", "low", "low", _tabular_split,
          "A category that occurs only in test rows gets its code, so the test never meets an unknown one as production will.",
          "Fit the encoder in the pipeline, on the training rows, with `handle_unknown` set."),
)  # fmt: skip


def _rule(leak: _Leak) -> Rule:
    return Rule(
        code=f"TRN{leak.number}",
        name=f"leak-{leak.kind.replace('_', '-')}",
        title=leak.title,
        section="training",
        severity=leak.severity,
        effort=leak.effort,
        detected=LEAK_KINDS[leak.kind],
        why=leak.why,
        remedy=leak.remedy,
        check=partial(check_leak, leak.kind, leak.may_occur),
    )


RULES: tuple[Rule, ...] = tuple(_rule(leak) for leak in _LEAKS)
SEVERITY_BY_KIND: dict[str, Severity] = {leak.kind: leak.severity for leak in _LEAKS}
DAMAGING: frozenset[str] = frozenset(kind for kind, severity in SEVERITY_BY_KIND.items() if severity in ("critical", "high"))
"""Kinds after which a reported metric says little."""
