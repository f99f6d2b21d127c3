"""Readiness rules of evaluation: is there a number, does it fit the task, was it earned on unseen rows, how sure is it."""

from __future__ import annotations

from collections import defaultdict

from tasks.evidence.evaluation.facts import Evaluated
from tasks.evidence.evaluation.metric_names import CLASSIFICATION, CLUSTERING, REGRESSION
from tasks.evidence.place import Place
from tasks.rules.applicability import COURSES, PLACES_LIMIT, TEACHING, counted, entry_places, nothing_trained, predicts_labels
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

ENOUGH_MODELS = 3
"""Estimator classes tried in one file that make a comparison by themselves."""
_LOSSES = frozenset({"loss", "average_loss"})


def check_metric_present(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence):
        return missing
    if set(evidence.evaluation.metric_names) - _LOSSES or (evidence.evaluation.metrics and not predicts_labels(evidence)):
        return Passed()
    recorded = [t.name for t in evidence.mlops_facts.trackers if "metrics" in t.logs] if evidence.mlops_facts else []
    if recorded and not evidence.evaluation.metrics:
        return Undetermined(reason=f"{recorded[0]} records metrics whose names are not known")
    if evidence.evaluation.metrics and (evidence.project.kind in TEACHING or not evidence.project.tasks):
        return Passed()
    if evidence.evaluation.metrics:
        return Failed(places=evidence.evaluation.metrics[0].places, detail="Only the training or validation loss is reported.")
    trained = {e.file for e in evidence.project.train_entrypoints}
    if apart := [e.file for e in evidence.project.eval_entrypoints if e.file not in trained]:
        return Undetermined(reason=f"{apart[0]} evaluates by itself, in a way that names no known metric")
    if told := [e.file for e in evidence.project.eval_entrypoints if e.file.endswith((".yaml", ".yml", "MLproject"))]:
        return Undetermined(reason=f"a tool evaluates as {told[0]} says")
    places = entry_places(evidence.project.train_entrypoints, "trains and measures nothing")
    return Failed(places=places, detail="A model is fitted and no known metric is computed anywhere.")


def check_more_than_one_metric(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence):
        return missing
    if not predicts_labels(evidence):
        return NotApplicable(reason="the task is neither classification nor regression")
    metrics = [m for m in evidence.evaluation.metrics if m.name not in _LOSSES]
    if not metrics:
        return NotApplicable(reason="no metric is computed")
    if len(metrics) > 1:
        return Passed()
    return Failed(places=metrics[0].places, detail=f"{metrics[0].name} is the only metric.")


def check_metric_fits_task(evidence: Evidence) -> Outcome:
    """Only when every task is of one family: a repository of several models may compute anything."""
    if missing := nothing_trained(evidence):
        return missing
    families = {_family(t) for t in evidence.project.tasks}
    if len(families) != 1 or None in families:
        return NotApplicable(reason="the tasks have no single family of metrics")
    wanted, foreign = _FAMILIES[families.pop() or ""]
    metrics = {m.name: m for m in evidence.evaluation.metrics}
    if not metrics:
        return NotApplicable(reason="no metric is computed")
    wrong = sorted(set(metrics) & foreign)
    if not wrong or set(metrics) & wanted:
        return Passed()
    return Failed(
        places=metrics[wrong[0]].places, detail=f"The task is {', '.join(evidence.project.tasks)}, the metrics are {', '.join(wrong)}."
    )


def _family(task: str) -> str | None:
    return next((f for f in _FAMILIES if task.endswith(f)), None)


_FAMILIES = {
    "regression": (REGRESSION, CLASSIFICATION),
    "classification": (CLASSIFICATION, REGRESSION),
    "clustering": (CLUSTERING, REGRESSION | CLASSIFICATION),
}
"""Metrics that fit a task and metrics that do not, by the end of the task's name."""


def check_baseline(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence):
        return missing
    if evidence.project.kind in TEACHING:
        return NotApplicable(reason="teaching material, templates and library demos need no baseline")
    if not evidence.evaluation.metrics:
        return NotApplicable(reason="no metric is computed that could be compared")
    if not predicts_labels(evidence):
        return NotApplicable(reason="no naive prediction exists for this task")
    if evidence.evaluation.baselines or evidence.evaluation.compared_models >= ENOUGH_MODELS:
        return Passed()
    return Failed(
        places=evidence.evaluation.metrics[0].places,
        detail="No dummy model, naive prediction or simpler model is evaluated beside the model.",
    )


def check_held_out(evidence: Evidence) -> Outcome:
    """A group of files fails when every judged evaluation in it is on the fitted rows.

    Of many lessons or examples one that does so is no verdict on the repository.
    """
    if missing := nothing_trained(evidence):
        return missing
    evaluations = evidence.evaluation.evaluations
    if not evaluations:
        if evidence.evaluation.cross_validated:
            return Passed()
        if evidence.evaluation.metrics:
            return Undetermined(reason="metrics are computed in a way that does not show on which rows")
        return NotApplicable(reason="nothing is evaluated")
    validated = {_group(p) for p in evidence.evaluation.cross_validated}
    places = _on_training_only(evaluations, validated)
    groups = {_group(e.place) for e in evaluations} | validated
    if evidence.project.kind in COURSES and 2 * len({_group(p) for p in places}) < len(groups):
        return Passed()
    if places:
        return Failed(
            places=places[:PLACES_LIMIT],
            detail=f"On the rows the model was fitted on: {counted(len(places), 'evaluation')}, and none beside them on others.",
        )
    if all(e.on == "unknown" for e in evaluations) and not validated:
        return Undetermined(reason="which rows the metrics are computed on is decided outside the file that computes them")
    return Passed()


def _on_training_only(evaluations: tuple[Evaluated, ...], validated: set[str]) -> tuple[Place, ...]:
    groups: dict[str, list[Evaluated]] = defaultdict(list)
    for evaluation in evaluations:
        groups[_group(evaluation.place)].append(evaluation)
    return tuple(
        e.place
        for group, members in sorted(groups.items())
        if group not in validated and not any(e.on in ("held_out", "unknown") for e in members)
        for e in members
        if e.on == "training"
    )


def _group(place: Place) -> str:
    """A notebook stands for itself; scripts of one folder belong together."""
    return place.file if place.file.endswith(".ipynb") else place.file.rpartition("/")[0]


def check_slices(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence):
        return missing
    if evidence.project.kind in TEACHING:
        return NotApplicable(reason="teaching material, templates and library demos report no result")
    if not predicts_labels(evidence) or not evidence.evaluation.metrics:
        return NotApplicable(reason="no classification or regression metric that could be split")
    if evidence.evaluation.slices:
        return Passed()
    return Failed(
        places=evidence.evaluation.metrics[0].places, detail="Metrics are computed over all rows together, never by class or group."
    )


def check_uncertainty(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence):
        return missing
    if evidence.project.kind in TEACHING:
        return NotApplicable(reason="teaching material, templates and library demos report no result")
    if not evidence.evaluation.metrics:
        return NotApplicable(reason="no metric is computed")
    if evidence.evaluation.uncertainty or evidence.evaluation.cross_validated:
        return Passed()
    return Failed(
        places=evidence.evaluation.metrics[0].places, detail="Each metric is one number from one split; no folds, repeats or intervals."
    )


def _notebooks_missing(evidence: Evidence) -> NotApplicable | None:
    return None if evidence.evaluation.notebooks else NotApplicable(reason="no notebooks")


def check_notebook_order(evidence: Evidence) -> Outcome:
    if missing := _notebooks_missing(evidence):
        return missing
    run = [n for n in evidence.evaluation.notebooks if not n.never_run]
    if not run:
        return NotApplicable(reason="no notebook was ever run")
    places = tuple(n.first_disorder for n in run if n.first_disorder)
    return (
        Failed(places=places[:PLACES_LIMIT], detail=f"{len(places)} of {len(run)} run notebooks were not run from top to bottom.")
        if places
        else Passed()
    )


def check_notebook_errors(evidence: Evidence) -> Outcome:
    if missing := _notebooks_missing(evidence):
        return missing
    places = tuple(n.first_error for n in evidence.evaluation.notebooks if n.first_error)
    return Failed(places=places[:PLACES_LIMIT], detail=f"A saved traceback in {counted(len(places), 'notebook')}.") if places else Passed()


def check_notebooks_run(evidence: Evidence) -> Outcome:
    """Cleared outputs are good practice where scripts hold the results; a notebook that is all there is should show some."""
    if missing := _notebooks_missing(evidence) or nothing_trained(evidence):
        return missing
    if evidence.project.kind in TEACHING:
        return NotApplicable(reason="teaching notebooks are often committed without results on purpose")
    if any(not e.file.endswith(".ipynb") for e in evidence.project.train_entrypoints):
        return NotApplicable(reason="training runs as a script; notebooks need not hold results")
    places = tuple(Place(file=n.file, note="never run") for n in evidence.evaluation.notebooks if n.never_run)
    return Failed(places=places[:PLACES_LIMIT], detail=f"No sign of a run in {counted(len(places), 'notebook')}.") if places else Passed()


RULES: tuple[Rule, ...] = (
    Rule(
        code="EVL001", name="no-metric", title="The model is trained and never measured",
        section="evaluation", severity="high", effort="low", check=check_metric_present,
        detected="Training code without any metric call, `.score()`, scoring string, compiled or logged metric; or with a loss alone.",
        why="Without a metric nobody can say whether the model works, nor whether the next one is better.",
        remedy="Compute the task's metric on held-out rows after training and write it to a file or a tracker.",
    ),
    Rule(
        code="EVL002", name="single-metric", title="One metric carries the whole judgement",
        section="evaluation", severity="low", effort="low", check=check_more_than_one_metric,
        detected="Exactly one metric besides the loss in a classification or regression project.",
        why="One number hides the kind of error: accuracy hides the missed class, R² hides the size of errors in the target's unit.",
        remedy="Add a metric that sees other errors: precision and recall or ROC AUC for classes, MAE beside R² for numbers.",
    ),
    Rule(
        code="EVL003", name="metric-does-not-fit", title="The metrics belong to another kind of task",
        section="evaluation", severity="high", effort="low", check=check_metric_fits_task,
        detected="All tasks are of one family, and every metric that has a family is of another: a regression scored with accuracy.",
        why="A metric of the wrong family measures something else, so its value says nothing about the model.",
        remedy="Use RMSE or MAE and R² for a number, F1 or ROC AUC for classes, silhouette for clusters.",
    ),
    Rule(
        code="EVL004", name="no-baseline", title="Nothing shows that the model beats a simple answer",
        section="evaluation", severity="medium", effort="low", check=check_baseline,
        detected="No dummy estimator, naive forecast or code named a baseline, and fewer than three estimators compared in one file.",
        why="A high number can be what always answering the most frequent class, or the mean, reaches as well.",
        remedy="Evaluate `DummyClassifier`, `DummyRegressor` or a last-value forecast on the same split and report the difference.",
    ),
    Rule(
        code="EVL005", name="evaluated-on-training-data", title="The metric is computed on the rows the model was fitted on",
        section="evaluation", severity="critical", effort="low", check=check_held_out,
        detected="The variables given to `score`, `evaluate` or behind a metric's predictions are those given to `fit`, "
        "and no evaluation in the same notebook or folder uses other rows or cross-validation.",
        why="Such a number measures memory, not skill; on new rows it will be lower, often far lower.",
        remedy="Split before fitting, evaluate on the part that `fit` never saw, or use `cross_val_score`.",
    ),
    Rule(
        code="EVL006", name="no-slices", title="No metric by class or group",
        section="evaluation", severity="low", effort="medium", check=check_slices,
        detected="No confusion matrix, class report, metric without averaging, grouped errors or fairness library.",
        why="A good average can hide a class or a group of customers for which the model fails.",
        remedy="Print a classification report, or group the errors by the columns that matter: region, product, age band.",
    ),
    Rule(
        code="EVL007", name="no-uncertainty", title="The metric is a single number without uncertainty",
        section="evaluation", severity="low", effort="medium", check=check_uncertainty,
        detected="No cross-validation, bootstrap, repeated seeds, interval or spread of scores.",
        why="On another random split the number changes; without its spread a small gain cannot be told from luck.",
        remedy="Report mean and standard deviation over folds or seeds, or a bootstrap interval on the test rows.",
    ),
    Rule(
        code="EVL008", name="notebook-out-of-order", title="Notebooks were not run from top to bottom",
        section="evaluation", severity="medium", effort="low", check=check_notebook_order,
        detected="The execution counts saved in a notebook fall or repeat.",
        why="The results on screen depend on an order of cells that nobody can repeat; a fresh run may give others, or fail.",
        remedy="Restart the kernel, run all cells, and commit that run; check it in CI with `jupyter nbconvert --execute`.",
    ),
    Rule(
        code="EVL009", name="notebook-with-error", title="Notebooks were committed with an error on screen",
        section="evaluation", severity="low", effort="low", check=check_notebook_errors,
        detected="A traceback in a saved output.",
        why="A run from top to bottom stops there, so what follows was made in another state of the kernel.",
        remedy="Repair or remove the failing cell, then run the whole notebook again before committing.",
    ),
    Rule(
        code="EVL010", name="notebook-never-run", title="Training notebooks hold no results",
        section="evaluation", severity="low", effort="low", check=check_notebooks_run,
        detected="Training stands only in notebooks, and a notebook with code has no execution count.",
        why="A reader cannot see what the code gives, nor whether it runs at all.",
        remedy="Run the notebook from top to bottom and commit it with its results, or move training to a script that logs them.",
    ),
)  # fmt: skip
