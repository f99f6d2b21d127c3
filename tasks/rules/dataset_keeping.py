"""Data rules on where data lies: persons in it, versions, absent files, downloads, size in git."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.evidence.dataset.facts import DatasetReference
from tasks.evidence.place import Place
from tasks.rules.applicability import PLACES_LIMIT, TEACHING, nothing_trained
from tasks.rules.dataset_tables import at_tables, named, no_tables
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

LARGE_FILE_BYTES = 50 * 2**20
"""From this size on GitHub warns about a file."""
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


def check_direct_identifiers(evidence: Evidence) -> Outcome:
    return _personal(evidence, _DIRECT)


def check_personal_traces(evidence: Evidence) -> Outcome:
    return _personal(evidence, _TRACES)


def _personal(evidence: Evidence, kinds: frozenset[str]) -> Outcome:
    """All profiled files count, samples too: a person is a person."""
    tables = [d for d in evidence.dataset.datasets if d.rows_profiled and d.format != "text"]
    if not tables:
        return no_tables(evidence) or NotApplicable(reason="no table of data in the repository")
    found = [(d, p) for d in tables for p in d.pii if p.kind in kinds]
    if not found:
        return Passed()
    told = named(f"{p.column} ({p.kind.replace('_', ' ')})" for _, p in found)
    return Failed(
        places=at_tables((d, f"column `{p.column}`: {p.kind.replace('_', ' ')}") for d, p in found),
        detail=f"Columns that look personal: {told}.",
    )


def check_versioned(evidence: Evidence) -> Outcome:
    """Data committed to git is versioned by git; what comes from elsewhere needs a version of its own."""
    if missing := nothing_trained(evidence):
        return missing
    if evidence.project.kind in TEACHING:
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
    if missing := nothing_trained(evidence):
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
        detail=f"{named(r.ref for r in absent)} {'is' if len(absent) == 1 else 'are'} read, not in the repository, and nothing "
        f"says where to get it.",
    )


def check_checksums(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence):
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
        places=at_tables((d, f"{d.bytes / 2**20:,.0f} MiB") for d in large),
        detail=f"{_count(large, 'data file')} of 50 MiB or more in git.",
    )


RULES: tuple[Rule, ...] = (
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
        code="DAT015", name="download-unchecked", title="Downloaded data is not checked",
        section="dataset", severity="low", effort="low", check=check_checksums,
        detected="Data is fetched by address, and no hash stands in the same file.",
        why="A changed or truncated file goes unnoticed into training.",
        remedy="Store the SHA-256 beside the address and compare after the download (`pooch` does both).",
    ),
    Rule(
        code="DAT017", name="large-data-in-git", title="Large data files are in git",
        section="dataset", severity="low", effort="medium", check=check_large_files,
        detected="Data files of 50 MiB or more in the commit.",
        why="Every clone carries every version of them for ever.",
        remedy="Move them to DVC, Git LFS or a bucket and commit the pointer.",
    ),
)  # fmt: skip
