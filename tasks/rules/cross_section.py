"""Readiness rules that hold the facts of two sections against each other: what one alone would call fine."""

from __future__ import annotations

from tasks.evidence.dataset.facts import DatasetPair, DatasetProfile
from tasks.evidence.place import Place
from tasks.evidence.project.facts import Claim
from tasks.rules.applicability import COURSES, PLACES_LIMIT, nothing_trained, teaching
from tasks.rules.dataset_leaks import check_leaking_predictor
from tasks.rules.evaluation import check_held_out
from tasks.rules.evidence import Evidence
from tasks.rules.project import STATED
from tasks.rules.rule import SEVERITIES, Failed, NotApplicable, Outcome, Passed, Rule, Undetermined
from tasks.rules.training_leaks import DAMAGING, SCORED, SEVERITY_BY_KIND

IMBALANCED_SHARE = 0.8
"""From this share of the most frequent class on, accuracy rewards answering it always: our policy."""
BLIND_TO_IMBALANCE = frozenset({"accuracy", "top_5_accuracy", "loss", "average_loss", "zero_one_loss", "hamming_loss"})
CONTAMINATED_SHARE = 0.01
"""Below this proportion of test rows a few equal rows are chance: our policy."""
CONTAMINATED_ROWS = 5
_RATES = frozenset({"accuracy", "balanced_accuracy", "precision", "recall", "f1", "roc_auc", "specificity", "pr_auc", "r2"})
"""Shares, and R²: 1 is perfect."""
PERFECT = 0.999


def check_imbalance_seen(evidence: Evidence) -> Outcome:
    """Only where the data and its target are in the repository and belong to one project."""
    if missing := nothing_trained(evidence) or teaching(evidence, COURSES):
        return missing
    if not any(t.endswith("classification") for t in evidence.project.tasks):
        return NotApplicable(reason="the task is not classification")
    if len(evidence.project.projects) > 1:
        return NotApplicable(reason="several projects, whose data and metrics cannot be brought together")
    metrics = evidence.evaluation.metrics
    if not metrics:
        return NotApplicable(reason="no metric is computed")
    if set(evidence.evaluation.metric_names) - BLIND_TO_IMBALANCE:
        return Passed()
    known = [d for d in evidence.dataset.datasets if len(d.class_balance) > 1]
    if not known:
        return Undetermined(reason="how often each class occurs is not in the repository")
    skewed = [d for d in known if max(d.class_balance.values()) >= IMBALANCED_SHARE]
    if not skewed:
        return Passed()
    return Failed(places=(*metrics[0].places, *(_data(d) for d in skewed))[:PLACES_LIMIT], detail=_imbalance(skewed[0]))


def _imbalance(data: DatasetProfile) -> str:
    name, share = max(data.class_balance.items(), key=lambda item: item[1])
    return f"{data.target} is {name!r} in {share:.0%} of the rows of {data.path}, so always answering that is {share:.0%} accurate."


def _data(data: DatasetProfile) -> Place:
    return Place(file=data.path, note=f"target {data.target}")


def check_clean_test_file(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence):
        return missing
    pairs = [p for p in evidence.dataset.pairs if p.roles[0] == "train" and p.roles[1] in ("test", "valid")]
    if not pairs:
        return NotApplicable(reason="no separate training and test files")
    if not evidence.evaluation.metrics:
        return NotApplicable(reason="no metric is computed")
    judged = [p for p in pairs if p.overlap_rows is not None]
    if not judged:
        return Undetermined(reason="whether rows are in both files could not be told")
    shared = [p for p in judged if _contaminated(p)]
    if not shared:
        return Passed()
    worst = max(shared, key=lambda p: p.overlap_share or 0.0)
    return Failed(
        places=tuple(Place(file=p.current, note=f"{p.overlap_rows} rows are in {p.reference} too") for p in shared[:PLACES_LIMIT]),
        detail=f"{worst.overlap_rows} rows of {worst.current}, {worst.overlap_share or 0.0:.0%}, are in {worst.reference} too.",
    )


def _contaminated(pair: DatasetPair) -> bool:
    return (pair.overlap_rows or 0) >= CONTAMINATED_ROWS and (pair.overlap_share or 0.0) >= CONTAMINATED_SHARE


def check_claims_stand(evidence: Evidence) -> Outcome:
    """Which file a README's number came from is not known, so any leak casts doubt on it; a notebook's stands beside its code.

    The worst leak is named: a column that gives the target away before a model chosen on the test set.

    A number of a metric that no code here computes was measured elsewhere, by a competition's site say.
    """
    if missing := nothing_trained(evidence) or teaching(evidence, COURSES):
        return missing
    claims = evidence.project.claimed_metrics
    if not claims:
        return NotApplicable(reason="no metric is claimed")
    leaks = [leak for leak in evidence.training.leaks if leak.kind in DAMAGING and leak.certainty in SCORED]
    leaks.sort(key=lambda leak: SEVERITIES.index(SEVERITY_BY_KIND[leak.kind]))
    stated = tuple(c for c in claims if c.source in STATED)
    given_away = (
        check_leaking_predictor(evidence) if stated and not any(SEVERITY_BY_KIND[leak.kind] == "critical" for leak in leaks) else None
    )
    if isinstance(given_away, Failed):
        return Failed(places=_claims_and(stated, given_away.places[:1]), detail=f"{_told(stated[0])}. {given_away.detail}")
    leaking = {leak.place.file for leak in leaks}
    doubtful = tuple(c for c in claims if leaks and (c.source in STATED or c.file in leaking))
    if doubtful:
        why = f"{leaks[0].kind.replace('_', ' ')} in {leaks[0].place.file}"
        return Failed(places=_claims_and(doubtful, (leaks[0].place,)), detail=f"{_told(doubtful[0])}, with {why}.")
    held_out = check_held_out(evidence)
    if isinstance(held_out, Failed):
        claims = tuple(c for c in claims if c.name in evidence.evaluation.metric_names)
        if not claims:
            return Passed()
        return Failed(places=_claims_and(claims, held_out.places[:1]), detail=f"{_told(claims[0])}, measured on the rows that were fitted.")
    return held_out if isinstance(held_out, Undetermined) else Passed()


def _told(claim: Claim) -> str:
    return f"{claim.file} says {claim.name} {claim.value:g}{claim.unit}"


def _claims_and(claims: tuple[Claim, ...], cause: tuple[Place, ...]) -> tuple[Place, ...]:
    told = tuple(Place(file=c.file, line=c.line, snippet=c.snippet[:200], note=f"claims {c.name}") for c in claims[: PLACES_LIMIT - 1])
    return (*told, *cause)


def check_claims_believable(evidence: Evidence) -> Outcome:
    """A perfect score on a supervised task is worth a question even when no leak was found."""
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    claims = [c for c in evidence.project.claimed_metrics if c.name in _RATES and c.source in STATED]
    if not claims:
        return NotApplicable(reason="no share or R² is claimed")
    perfect = [c for c in claims if PERFECT <= _share(c) <= 1.0]
    if not perfect:
        return Passed()
    return Failed(places=_claims_and(tuple(perfect), ()), detail=f"{_told(perfect[0])}: as good as without an error.")


def _share(claim: Claim) -> float:
    return claim.value / 100 if claim.unit == "%" or claim.value > 1.5 else claim.value


RULES: tuple[Rule, ...] = (
    Rule(
        code="EVL011", name="imbalance-judged-by-accuracy", title="Rare classes are judged by accuracy alone",
        section="evaluation", severity="high", effort="low", check=check_imbalance_seen,
        detected=f"A class has {IMBALANCED_SHARE:.0%} or more of a dataset's rows, and accuracy or a loss are the only metrics.",
        why="A model that never finds the rare class scores as well, and the rare class is usually why the model is built.",
        remedy="Report recall and precision of the rare class, or average precision, and compare with the majority answer.",
    ),
    Rule(
        code="EVL012", name="contaminated-test-file", title="The metric is computed on a test file with training rows in it",
        section="evaluation", severity="high", effort="low", check=check_clean_test_file,
        detected=f"At least {CONTAMINATED_ROWS} rows and {CONTAMINATED_SHARE:.0%} of the test or validation file are in the training file.",
        why="These rows are answered from memory, so the metric is too good.",
        remedy="Drop the shared rows from the training file, `train.merge(test, how='left', indicator=True)`, and evaluate again.",
    ),
    Rule(
        code="EVL013", name="claim-rests-on-leak", title="A claimed metric rests on a leak",
        section="evaluation", severity="high", effort="low", check=check_claims_stand,
        detected="A metric is claimed, and a leak of high damage or a column that gives the target away was found, or every evaluation is on "
        "the fitted rows.",
        why="Whoever reads the number decides on it; on new rows the model will not reach it.",
        remedy="Close the leak, run the evaluation again, and state the new number with its commit.",
    ),
    Rule(
        code="EVL014", name="perfect-score", title="A claimed metric is perfect",
        section="evaluation", severity="low", effort="medium", check=check_claims_believable,
        detected=f"An accuracy, precision, recall, F1, AUC or R² of {PERFECT} or more in the README, the documentation or a model card.",
        why="Real data has noise; a perfect score is more often a leak, a training score or a test of few rows.",
        remedy="Check features for the target, rows for duplicates and the split for groups; state on which rows the score was measured.",
    ),
)  # fmt: skip
