"""Readiness rules of data: can a model trained on these tables be believed, and can anyone get the same tables again.

Judged are the tables that code names, or all when it names none; files made as samples or as broken examples are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.evidence.dataset.facts import DatasetPair, DatasetProfile, DatasetReference
from tasks.evidence.place import Place
from tasks.rules.drift_levels import assess_pair
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

PLACES_LIMIT = 50
NAMES_TOLD = 4
OVERLAP_SHARE = 0.01
"""Test rows also trained on, above what chance gives, from which the score is no longer one of unseen rows: our policy."""
OVERLAP_ROWS = 5
"""Fewer equal rows happen by chance in small tables of rounded numbers."""
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
LARGE_FILE_BYTES = 50 * 2**20
"""From this size on GitHub warns about a file."""
TARGET_WEIGHT = 3.0
"""Weight of reasons from which a judgement may rest on the target."""
_TEACHING = ("course_monorepo", "example_monorepo", "template", "ml_library_demo")
_SAMPLE_NAME = re.compile(
    r"(?i)(?:^|[_\-./])(?:bad|invalid|broken|missing_values|corrupt\w*|samples?|examples?|dummy|mock|toy|fixtures?|demo)"
    r"(?:[_\-./]|$)"
)
_DIRECT = frozenset({"email", "phone", "national_id", "credit_card"})
_TRACES = frozenset({"name", "address", "ip_address", "birth_date", "coordinates"})
_ELSEWHERE = frozenset(
    ["url", "kaggle", "s3", "gcs", "azure_blob", "gdrive", "sql", "bigquery", "azureml", "roboflow", "yahoo_finance", "zenodo", "uci", "openml",
     "hf_dataset"]
)  # fmt: skip
"""Kinds of reference that bring data from outside the code and its libraries."""
_MUTABLE = frozenset({"url", "s3", "gcs", "azure_blob", "gdrive", "sql", "bigquery"})
"""Kinds whose content its owner can change under the same address."""
_DOWNLOADS = frozenset({"url", "gdrive"})
_OUR_LIMITS = ("not read:", "not profiled")
"""Beginnings of problems that are ours and not the file's."""
_HELD_OUT = frozenset({"test", "valid"})


def judged_tables(evidence: Evidence) -> tuple[DatasetProfile, ...]:
    """Profiled tables that count as this repository's data."""
    tables = [d for d in evidence.dataset.datasets if d.rows_profiled and d.format != "text" and not _SAMPLE_NAME.search(d.path)]
    loaded = [d for d in tables if d.loaded]
    return tuple(loaded or tables)


def _training_tables(evidence: Evidence) -> tuple[DatasetProfile, ...]:
    """Tables with a target that is sure."""
    return tuple(d for d in judged_tables(evidence) if d.target and d.target_weight >= TARGET_WEIGHT)


def _no_training(evidence: Evidence) -> NotApplicable | None:
    return None if evidence.project.has_training else NotApplicable(reason="nothing is trained here")


def _no_tables(evidence: Evidence) -> NotApplicable | Undetermined | None:
    """Why no table can be judged: there is none, or those there are could not be read."""
    if judged_tables(evidence):
        return None
    if any(d.problem for d in evidence.dataset.datasets):
        return Undetermined(reason="the data files could not be read")
    return NotApplicable(reason="no table of data in the repository")


def _at(tables: Iterable[tuple[DatasetProfile, str]]) -> tuple[Place, ...]:
    return tuple(Place(file=d.path, note=note) for d, note in tables)[:PLACES_LIMIT]


def _named(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    more = f" and {len(listed) - NAMES_TOLD} more" if len(listed) > NAMES_TOLD else ""
    return ", ".join(f"`{n}`" for n in listed[:NAMES_TOLD]) + more


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
    if missing := _no_training(evidence) or _no_tables(evidence):
        return missing
    tables = _training_tables(evidence)
    if not tables:
        return Undetermined(reason="no table shows for sure which column is predicted")
    found = [(d, s) for d in tables for s in d.suspicious_predictors if not s.dropped]
    if not found:
        return Passed()
    table, worst = found[0]
    return Failed(
        places=_at((d, f"{s.reason} ({s.kind}, {s.measure:.4g})") for d, s in found),
        detail=f"In {table.path}, {worst.reason} on the {table.rows_profiled:,} rows looked at, and no code leaves it out.",
    )


def check_direct_identifiers(evidence: Evidence) -> Outcome:
    return _personal(evidence, _DIRECT)


def check_personal_traces(evidence: Evidence) -> Outcome:
    return _personal(evidence, _TRACES)


def _personal(evidence: Evidence, kinds: frozenset[str]) -> Outcome:
    """All profiled files count, samples too: a person is a person."""
    tables = [d for d in evidence.dataset.datasets if d.rows_profiled and d.format != "text"]
    if not tables:
        return _no_tables(evidence) or NotApplicable(reason="no table of data in the repository")
    found = [(d, p) for d in tables for p in d.pii if p.kind in kinds]
    if not found:
        return Passed()
    told = _named(f"{p.column} ({p.kind.replace('_', ' ')})" for _, p in found)
    return Failed(
        places=_at((d, f"column `{p.column}`: {p.kind.replace('_', ' ')}") for d, p in found), detail=f"Columns that look personal: {told}."
    )


def check_duplicates(evidence: Evidence) -> Outcome:
    if missing := _no_tables(evidence):
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
        places=_at((d, f"{n:,} repeated rows") for d, n in found),
        detail=f"{count:,} of {worst.rows_profiled:,} rows of {worst.path} equal an earlier one.",
    )


def _repeats(table: DatasetProfile) -> bool:
    return (table.duplicates or 0) >= max(DUPLICATE_ROWS, DUPLICATE_SHARE * table.rows_profiled)


def check_constant_columns(evidence: Evidence) -> Outcome:
    if missing := _no_training(evidence) or _no_tables(evidence):
        return missing
    found = [d for d in judged_tables(evidence) if d.constant_columns and d.n_columns > 1]
    if not found:
        return Passed()
    return Failed(
        places=_at((d, f"one value only: {_named(d.constant_columns)}") for d in found),
        detail=f"{found[0].path} holds one value only in {_named(found[0].constant_columns)}.",
    )


def check_nulls_handled(evidence: Evidence) -> Outcome:
    if missing := _no_training(evidence) or _no_tables(evidence):
        return missing
    found = [(d, names) for d in judged_tables(evidence) if (names := _with_nulls(d, NULL_SHARE))]
    if not found or evidence.dataset.nulls_handled:
        return Passed()
    table, names = found[0]
    return Failed(
        places=_at((d, f"empty cells in {_named(n)}") for d, n in found),
        detail=f"{_named(names)} of {table.path} have at least {NULL_SHARE:.0%} empty cells, and no code fills, drops or models them.",
    )


def check_mostly_null(evidence: Evidence) -> Outcome:
    if missing := _no_training(evidence) or _no_tables(evidence):
        return missing
    found = [(d, names) for d in judged_tables(evidence) if (names := _with_nulls(d, MOSTLY_NULL_SHARE))]
    if not found:
        return Passed()
    table, names = found[0]
    return Failed(
        places=_at((d, f"mostly empty: {_named(n)}") for d, n in found),
        detail=f"At least half of the cells of {_named(names)} in {table.path} are empty.",
    )


def _with_nulls(table: DatasetProfile, share: float) -> list[str]:
    return [c.name for c in table.columns if c.nulls >= share * table.rows_profiled and c.nulls]


def check_class_imbalance(evidence: Evidence) -> Outcome:
    if missing := _no_training(evidence) or _no_tables(evidence):
        return missing
    if evidence.project.tasks and not any(t.endswith("classification") for t in evidence.project.tasks):
        return NotApplicable(reason="no classes are predicted")
    tables = [d for d in _training_tables(evidence) if d.class_balance]
    if not tables:
        return NotApplicable(reason="no table has a target of a few classes")
    found = [(d, _rarest(d)) for d in tables if _rarest(d)[1] < MINORITY_SHARE / len(d.class_balance)]
    if not found or evidence.dataset.imbalance_mentioned:
        return Passed()
    table, (name, share) = found[0]
    return Failed(
        places=_at((d, f"`{d.target}` = {n}: {s:.2%} of the rows") for d, (n, s) in found),
        detail=f"Class {name} of `{table.target}` has {share:.2%} of the rows, and no code weighs or resamples classes.",
    )


def _rarest(table: DatasetProfile) -> tuple[str, float]:
    return min(table.class_balance.items(), key=lambda item: item[1])


def check_identifier_left_in(evidence: Evidence) -> Outcome:
    if missing := _no_training(evidence) or _no_tables(evidence):
        return missing
    tables = [d for d in _training_tables(evidence) if d.id_columns]
    if not tables:
        return NotApplicable(reason="no table with a target has a key")
    found = [d for d in tables if d.ids_left_in]
    if not found:
        return Passed()
    return Failed(
        places=_at((d, f"key: {_named(d.ids_left_in)}") for d in found),
        detail=f"{_named(found[0].ids_left_in)} of {found[0].path} names a row, and no code drops it or chooses other columns by name.",
    )


def check_versioned(evidence: Evidence) -> Outcome:
    """Data committed to git is versioned by git; what comes from elsewhere needs a version of its own."""
    if missing := _no_training(evidence):
        return missing
    if evidence.project.kind in _TEACHING:
        return NotApplicable(reason="teaching material, templates and library demos keep no data of their own")
    if any(v.detail != "a model" for v in evidence.dataset.versioning):
        return Passed()
    outside = [r for r in evidence.dataset.references if r.kind in _MUTABLE and not r.checked]
    if not outside and not evidence.dataset.missing_files:
        if evidence.dataset.datasets or evidence.dataset.references:
            return Passed()
        return Undetermined(reason="where the data comes from does not show")
    if not outside and isinstance(check_files_present(evidence), Failed):
        return NotApplicable(reason="the data is not here and nothing says where it is, which DAT011 judges")
    refs = [*evidence.dataset.missing_files, *outside]
    return Failed(places=_places_of(refs), detail=f"{_count(refs, 'source')} of data outside git, and no DVC, Git LFS or other version.")


def _places_of(refs: Iterable[DatasetReference]) -> tuple[Place, ...]:
    return tuple(r.place or Place(file="README.md", note=r.ref) for r in refs)[:PLACES_LIMIT]


def _count(items: list, word: str) -> str:
    return f"{len(items)} {word}{'' if len(items) == 1 else 's'}"


def check_files_present(evidence: Evidence) -> Outcome:
    """A file that a named source provides is not absent; it is fetched."""
    if missing := _no_training(evidence):
        return missing
    absent = evidence.dataset.missing_files
    if not absent:
        if evidence.dataset.datasets or evidence.dataset.references:
            return Passed()
        return NotApplicable(reason="no code names a data file")
    if any(r.kind in _ELSEWHERE for r in evidence.dataset.references) or any(v.tool == "dvc" for v in evidence.dataset.versioning):
        return Passed()
    return Failed(
        places=_places_of(absent),
        detail=f"{_named(r.ref for r in absent)} {'is' if len(absent) == 1 else 'are'} read, not in the repository, and nothing "
        f"says where to get it.",
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
        detail=f"{_named(f['name'] for _, f in moved)} differ{'s' if len(moved) == 1 else ''} highly between {pair['reference']} "
        f"and {pair['current']} (`{first['name']}`: {told}).",
    )


def check_readable(evidence: Evidence) -> Outcome:
    """A limit of ours is no fault of the file."""
    files = evidence.dataset.datasets
    if not files:
        return NotApplicable(reason="no data file in the repository")
    broken = [d for d in files if d.problem and not d.problem.startswith(_OUR_LIMITS)]
    refused = [d for d in files if d.problem and d not in broken]
    if broken:
        return Failed(places=_at((d, d.problem) for d in broken), detail=f"{broken[0].path}: {broken[0].problem}.")
    if len(refused) == len(files):
        return Undetermined(reason=refused[0].problem)
    return Passed()


def check_size(evidence: Evidence) -> Outcome:
    if missing := _no_training(evidence) or _no_tables(evidence):
        return missing
    if evidence.project.kind in _TEACHING:
        return NotApplicable(reason="teaching material, templates and library demos need little data")
    if any(r.kind in _ELSEWHERE or r.kind.endswith("builtin") for r in evidence.dataset.references):
        return NotApplicable(reason="the data of the training comes from elsewhere")
    tables = _training_tables(evidence) or judged_tables(evidence)
    largest = max(tables, key=lambda d: d.rows or d.rows_profiled)
    rows = largest.rows if largest.rows is not None else largest.rows_profiled
    if rows >= SMALL_TABLE_ROWS:
        return Passed()
    return Failed(places=_at([(largest, f"{rows} rows")]), detail=f"The largest table, {largest.path}, has {rows} rows.")


def check_checksums(evidence: Evidence) -> Outcome:
    if missing := _no_training(evidence):
        return missing
    downloads = [r for r in evidence.dataset.references if r.kind in _DOWNLOADS]
    if not downloads:
        return NotApplicable(reason="no data is downloaded by address")
    unchecked = [r for r in downloads if not r.checked]
    if not unchecked or any(v.tool == "dvc" and v.detail != "a model" for v in evidence.dataset.versioning):
        return Passed()
    return Failed(places=_places_of(unchecked), detail=f"{_count(unchecked, 'download')} of data without a checksum.")


def check_large_files(evidence: Evidence) -> Outcome:
    if not evidence.dataset.datasets:
        return NotApplicable(reason="no data file in the repository")
    large = [d for d in evidence.dataset.datasets if d.bytes >= LARGE_FILE_BYTES]
    if not large:
        return Passed()
    return Failed(
        places=_at((d, f"{d.bytes / 2**20:,.0f} MiB") for d in large), detail=f"{_count(large, 'data file')} of 50 MiB or more in git."
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
        code="DAT003", name="personal-identifiers", title="Data that reaches a person directly is in the repository",
        section="dataset", severity="high", effort="medium", check=check_direct_identifiers,
        detected="Columns whose values have the form of e-mail addresses, telephone, national identity or card numbers (with "
            "valid check digits). "
        "Values are never shown.",
        why="Everyone with the repository has these people's data, and git keeps it after a delete.",
        remedy="Remove or hash the columns, rewrite the history (`git filter-repo`), and keep the raw file where access is controlled.",
    ),
    Rule(
        code="DAT004", name="personal-traces", title="Columns hold names or traces of persons",
        section="dataset", severity="medium", effort="medium", check=check_personal_traces,
        detected="Columns named and filled like names of persons, home addresses, dates of birth, IP addresses, or coordinates "
            "beside data on persons.",
        why="Few such traces together identify a person, and a model can learn them by heart.",
        remedy="Drop them, or coarsen them (year of birth, region); if the data is public or made up, say so in its documentation.",
    ),
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
        code="DAT009", name="key-among-inputs", title="A row's key is left among the inputs",
        section="dataset", severity="medium", effort="low", check=check_identifier_left_in,
        detected="A table with a target has a column of keys that no code drops or takes as index, while inputs are not chosen by name.",
        why="A key can carry the order of collection and lets a tree learn rows by heart; on new rows it means nothing.",
        remedy="Drop it or make it the index: `pd.read_csv(path, index_col=\"id\")`.",
    ),
    Rule(
        code="DAT010", name="data-not-versioned", title="Data from outside has no version",
        section="dataset", severity="medium", effort="medium", check=check_versioned,
        detected="Data comes from an address, bucket, database or a file that is not here, without checksum, DVC, Git LFS or "
            "another version.",
        why="When the source changes, the same commit trains another model and nobody can tell why.",
        remedy="Track the file with DVC or Git LFS, or pin its hash where it is fetched.",
    ),
    Rule(
        code="DAT011", name="data-file-absent", title="Code reads data that is not here",
        section="dataset", severity="high", effort="low", check=check_files_present,
        detected="A data file read by code is not in the repository, no code makes it, and no address, Kaggle name or DVC remote "
            "says where it is.",
        why="Nobody else can train, so no result here can be repeated.",
        remedy="Add a small sample, or a download step and its address to the README.",
    ),
    Rule(
        code="DAT012", name="split-differs", title="Training and held-out files are not alike",
        section="dataset", severity="medium", effort="medium", check=check_split_drift,
        detected="A feature differs highly between both files (PSI 0.25, KS 0.30 or JS divergence 0.20) beyond sampling noise; "
            "keys and dates left aside.",
        why="The score is measured on another kind of rows than those learned from: it tells neither about these nor about those.",
        remedy="Split at random within groups; if the split is by time on purpose, say so and expect the drift in service.",
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
        code="DAT015", name="download-unchecked", title="Downloaded data is not checked",
        section="dataset", severity="low", effort="low", check=check_checksums,
        detected="Data is fetched by address, and no hash stands in the same file.",
        why="A changed or truncated file goes unnoticed into training.",
        remedy="Store the SHA-256 beside the address and compare after the download (`pooch` does both).",
    ),
    Rule(
        code="DAT016", name="mostly-empty-columns", title="Columns are mostly empty",
        section="dataset", severity="low", effort="low", check=check_mostly_null,
        detected="Columns of which at least half of the cells looked at are empty.",
        why="What is filled is seldom a random half; imputing it invents most of the column.",
        remedy="Drop them, or replace them by whether a value is there.",
    ),
    Rule(
        code="DAT017", name="large-data-in-git", title="Large data files are in git",
        section="dataset", severity="low", effort="medium", check=check_large_files,
        detected="Data files of 50 MiB or more in the commit.",
        why="Every clone carries every version of them for ever.",
        remedy="Move them to DVC, Git LFS or a bucket and commit the pointer.",
    ),
)  # fmt: skip
