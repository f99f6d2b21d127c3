"""Data rules on what would make a result too good: shared rows, columns that give the target away, keys, unlike parts."""

from __future__ import annotations

from tasks.evidence.dataset.facts import DatasetPair
from tasks.evidence.place import Place
from tasks.rules.applicability import PLACES_LIMIT, nothing_trained
from tasks.rules.dataset_tables import at_tables, named, no_tables, training_tables
from tasks.rules.drift_levels import assess_pair
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

OVERLAP_SHARE = 0.01
"""Test rows also trained on, above what chance gives, from which the score is no longer one of unseen rows: our policy."""
OVERLAP_ROWS = 5
"""Fewer equal rows happen by chance in small tables of rounded numbers."""
_HELD_OUT = frozenset({"test", "valid"})


def check_contamination(evidence: Evidence) -> Outcome:
    pairs = [p for p in evidence.dataset.pairs if p.roles[0] != p.roles[1] and _HELD_OUT & set(p.roles)]
    if not pairs:
        return NotApplicable(reason="no pair of training and held-out files")
    measured = [p for p in pairs if p.overlap_rows is not None]
    mixed = [p for p in measured if _is_mixed(p)]
    if mixed:
        worst = max(mixed, key=lambda p: p.overlap_share or 0.0)
        return Failed(
            places=tuple(Place(file=p.current, note=f"{p.overlap_rows:,} rows are also in {p.reference}") for p in mixed[:PLACES_LIMIT]),
            detail=f"{worst.overlap_rows:,} of {worst.n_current:,} rows of {worst.current} are in {worst.reference} too.",
        )
    if not measured:
        return Undetermined(reason="the rows of the files have too few columns or too few different values to tell")
    return Passed()


def _is_mixed(pair: DatasetPair) -> bool:
    share = pair.overlap_share or 0.0
    return (pair.overlap_rows or 0) >= OVERLAP_ROWS and share - pair.chance_share >= OVERLAP_SHARE


def check_leaking_predictor(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or no_tables(evidence):
        return missing
    tables = training_tables(evidence)
    if not tables:
        return Undetermined(reason="no table shows for sure which column is predicted")
    found = [(d, s) for d in tables for s in d.suspicious_predictors if not s.dropped]
    if not found:
        return Passed()
    table, worst = found[0]
    return Failed(
        places=at_tables((d, f"{s.reason} ({s.kind}, {s.measure:.4g})") for d, s in found),
        detail=f"In {table.path}, {worst.reason} on the {table.rows_profiled:,} rows looked at, and no code leaves it out.",
    )


def check_identifier_left_in(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or no_tables(evidence):
        return missing
    tables = [d for d in training_tables(evidence) if d.id_columns]
    if not tables:
        return NotApplicable(reason="no table with a target has a key")
    found = [d for d in tables if d.ids_left_in]
    if not found:
        return Passed()
    return Failed(
        places=at_tables((d, f"key: {named(d.ids_left_in)}") for d in found),
        detail=f"{named(found[0].ids_left_in)} of {found[0].path} names a row, and no code drops it or chooses other columns by name.",
    )


def check_split_drift(evidence: Evidence) -> Outcome:
    pairs = [p for p in evidence.dataset.pairs if "train" in p.roles and _HELD_OUT & set(p.roles)]
    if not pairs:
        return NotApplicable(reason="no pair of training and held-out files")
    keys = {d.path: frozenset(d.id_columns) for d in evidence.dataset.datasets}
    assessed = [assess_pair(p, keys.get(p.reference, frozenset()) | keys.get(p.current, frozenset())) for p in pairs]
    if not any(f["level"] for pair in assessed for f in pair["features"]):
        return Undetermined(reason="too few rows to tell drift from chance")
    moved = [(pair, f) for pair in assessed for f in pair["features"] if f["level"] == "high" and f["beyond_noise"]]
    if not moved:
        return Passed()
    pair, first = moved[0]
    told = f"PSI {first['psi']:.2f}" if first["psi"] is not None else f"KS {first['ks']:.2f}"
    return Failed(
        places=tuple(Place(file=p["current"], note=f"`{f['name']}` differs highly from {p['reference']}") for p, f in moved)[:PLACES_LIMIT],
        detail=f"{named(f['name'] for _, f in moved)} differ{'s' if len(moved) == 1 else ''} highly between {pair['reference']} "
        f"and {pair['current']} (`{first['name']}`: {told}).",
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="DAT001", name="test-rows-in-training", title="Rows of the held-out file are in the training file",
        section="dataset", severity="critical", effort="low", check=check_contamination,
        detected="Two files whose names say training and held-out share rows, keys left aside, in more rows than the training "
            "file's own repeats explain.",
        why="The model is examined with questions it has seen; the score is higher than it will ever be on new rows.",
        remedy="Remove repeated rows before splitting, split by row or by group once, and check the intersection of both files in a test.",
    ),
    Rule(
        code="DAT002", name="predictor-gives-target", title="A column gives the target away",
        section="dataset", severity="critical", effort="low", check=check_leaking_predictor,
        detected="A column in step with the target (rank correlation 0.999), one value of the target per value of a column (99.9 %), "
        "or the target as the exact sum or product of up to three columns; and no line of code drops them.",
        why="Such columns are known only when the target is; the model copies them and is worthless before the fact.",
        remedy="Drop these columns from the inputs, or show when each is known, and measure again: the score will fall to the true one.",
    ),
    Rule(
        code="DAT009", name="key-among-inputs", title="A row's key is left among the inputs",
        section="dataset", severity="medium", effort="low", check=check_identifier_left_in,
        detected="A table with a target has a column of keys that no code drops or takes as index, while inputs are not chosen by name.",
        why="A key can carry the order of collection and lets a tree learn rows by heart; on new rows it means nothing.",
        remedy="Drop it or make it the index: `pd.read_csv(path, index_col=\"id\")`.",
    ),
    Rule(
        code="DAT012", name="split-differs", title="Training and held-out files are not alike",
        section="dataset", severity="medium", effort="medium", check=check_split_drift,
        detected="A feature differs highly between both files (PSI 0.25, KS 0.30 or JS divergence 0.20) beyond sampling noise; "
            "keys and dates left aside.",
        why="The score is measured on another kind of rows than those learned from: it tells neither about these nor about those.",
        remedy="Split at random within groups; if the split is by time on purpose, say so and expect the drift in service.",
    ),
)  # fmt: skip
