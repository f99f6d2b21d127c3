"""Datasets in the repository: profiles, pairs, references, versioning. Never a value of a cell, except class names."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tasks.evidence.drift.profile import FeatureDrift
from tasks.evidence.place import Place


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnProfile(_Facts):
    name: str
    type: str = "text"
    """`integer`, `number`, `boolean`, `date` or `text`."""
    nulls: int = 0
    """Of the rows looked at."""
    distinct: int | None = None
    """Values other than null, of the rows looked at; None when values are nested."""


class PersonalData(_Facts):
    column: str
    kind: str
    """`email`, `phone`, `name`, `national_id`, `address`, `ip_address`, `birth_date`, `credit_card` or `coordinates`."""
    share: float
    """Proportion of the non-null rows looked at that match; 1.0 when the column's name alone says so."""


class SuspiciousPredictor(_Facts):
    """One or more columns that give the target almost exactly."""

    columns: tuple[str, ...]
    kind: str
    """`monotone`, `one_to_one`, `linear_sum` or `product`."""
    measure: float
    """Absolute rank correlation, agreement of the mapping, or R squared."""
    reason: str
    dropped: bool = False
    """Some line of code leaves every one of the columns, or one of a sum, out."""


class DatasetProfile(_Facts):
    path: str
    format: str = "csv"
    rows: int | None = None
    """Records without the header; None when a limit ended the count."""
    n_columns: int = 0
    columns: tuple[ColumnProfile, ...] = ()
    """The first `limits["columns_listed"]` of `n_columns`."""
    duplicates: int | None = None
    """Rows looked at that equal an earlier one."""
    rows_profiled: int = 0
    constant_columns: tuple[str, ...] = ()
    id_columns: tuple[str, ...] = ()
    ids_left_in: tuple[str, ...] = ()
    """Keys of a table with a target that no code leaves out, while the inputs are not chosen by name."""
    date_columns: tuple[str, ...] = ()
    target: str | None = None
    target_reasons: tuple[str, ...] = ()
    target_weight: float = 0.0
    """How much speaks for the target; from 3 on judgements rest on it."""
    loaded: bool = False
    """Code or configuration names the file."""
    class_balance: dict[str, float] = {}
    """Share of each class of the target, most frequent first; empty for a continuous target."""
    suspicious_predictors: tuple[SuspiciousPredictor, ...] = ()
    pii: tuple[PersonalData, ...] = ()
    sampled: bool = False
    why_sampled: str = ""
    bytes: int = 0
    problem: str = ""
    """Why it could not be read, wholly or in part; empty when all is well."""


class DatasetPair(_Facts):
    """Two files that look like two parts or two moments of one dataset."""

    reference: str
    current: str
    roles: tuple[str, str]
    """`train`, `valid`, `test`, `reference` or `current`."""
    overlap_rows: int | None = None
    """Rows of `current` that are exactly in `reference` too; None when it proves nothing (few distinct rows)."""
    overlap_share: float | None = None
    """`overlap_rows` as a proportion of the current rows looked at."""
    chance_share: float = 0.0
    """The same share when rows are split at random: rows of `reference` that equal another one of it."""
    n_reference: int = 0
    n_current: int = 0
    features: tuple[FeatureDrift, ...] = ()
    sampled: bool = False


class DatasetReference(_Facts):
    """Data named by address or loader call, not stored here."""

    kind: str
    """`url`, `kaggle`, `hf_dataset`, `torchvision`, `sklearn_builtin`, `sklearn_generated`, `tfds`, `s3`, `gcs`, `dvc`, …"""
    checked: bool = False
    """A checksum stands beside it."""
    ref: str
    place: Place | None = None


class DataVersioning(_Facts):
    tool: str
    """`dvc`, `git-lfs`, `git-annex`, `lakefs`, `delta` or `quilt`."""
    path: str
    detail: str = ""


class DatasetFacts(_Facts):
    datasets: tuple[DatasetProfile, ...] = ()
    pairs: tuple[DatasetPair, ...] = ()
    references: tuple[DatasetReference, ...] = ()
    versioning: tuple[DataVersioning, ...] = ()
    missing_files: tuple[DatasetReference, ...] = ()
    """Data files that code reads and the repository does not hold (kind `repo_file_absent`)."""
    imbalance_mentioned: bool = False
    """The code names a remedy for imbalanced classes."""
    nulls_handled: bool = False
    """The code fills, drops or models empty cells somewhere."""
    limits: dict[str, int] = {}
    """The limits in force, in bytes, rows, files, columns or seconds as the name says."""
