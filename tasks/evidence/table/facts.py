"""Facts about one table, as small JSON: no cell but the commonest levels of categories."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tasks.evidence.table.schema import Kind

Semantic = Literal[
    "identifier",
    "date",
    "free_text",
    "category",
    "ordinal",
    "boolean",
    "money",
    "percent",
    "count",
    "measure",
    "coordinate",
    "constant",
    "empty",
]


class Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceFile(Fact):
    """One file the table was read from."""

    path: str
    """As the user gave it."""
    format: str
    """csv, tsv, parquet, json, jsonl, arrow, xlsx; the compression is told in `notes`."""
    bytes: int
    sha256: str
    rows: int
    """Rows in the file, also when fewer were read."""
    columns: int
    encoding: str = ""
    notes: tuple[str, ...] = ()
    """What reading had to do: encoding guessed, column renamed because its name stood twice, rows sampled."""


class ColumnProfile(Fact):
    """One column after parsing."""

    name: str
    kind: Kind
    semantic: Semantic
    nulls: float
    """Proportion 0-1 of rows without a value, infinite values included."""
    distinct: int
    infinite: int = 0
    mean: float | None = None
    std: float | None = None
    quantiles: tuple[float, ...] = ()
    """Minimum, 25 %, 50 %, 75 %, maximum of a numeric column; of a date, in Unix seconds."""
    skew: float | None = None
    outliers: float | None = None
    """Proportion 0-1 outside 3 interquartile ranges around the quartiles."""
    zeros: float | None = None
    words: float | None = None
    """Mean number of words in a text."""
    top: tuple[tuple[str, int], ...] = ()
    """Commonest levels of a category with their counts, at most 10, clipped to 60 characters."""
    notes: tuple[str, ...] = ()
    """How it was parsed when that is not evident: `$` and `,` removed, three date formats, text beside numbers."""


class GroupCandidate(Fact):
    """A column whose values name what several rows belong to: a customer, a patient, a device."""

    column: str
    groups: int
    mean_rows: float
    reason: str


class TimeOrder(Fact):
    """A column by which the rows are ordered in time, or an order the rows show without one."""

    column: str | None
    """None: no column, the order of the rows themselves."""
    sorted_share: float
    """Proportion 0-1 of neighbouring rows that do not step back."""
    distinct_share: float
    """Distinct moments per row: 1 for one row a moment."""
    reason: str


class TableProfile(Fact):
    """What the data_profiler hands on."""

    rows: int
    """Rows read and profiled."""
    rows_in_files: int
    sampled: bool
    """Fewer rows were read than the files hold; then the profile's counts are of all rows where it says so in `notes`."""
    columns: tuple[ColumnProfile, ...]
    sources: tuple[SourceFile, ...]
    duplicates: int
    """Rows that repeat an earlier row in every column."""
    correlations: tuple[tuple[str, str, float], ...] = ()
    """Strongest pairs of numeric columns by Spearman's rank correlation, at most 50."""
    groups: tuple[GroupCandidate, ...] = ()
    """Likeliest first."""
    orders: tuple[TimeOrder, ...] = ()
    """Likeliest first."""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    def column(self, name: str) -> ColumnProfile | None:
        """The column of that name."""
        return next((c for c in self.columns if c.name == name), None)


class JoinFacts(Fact):
    """How one more file was brought to the first, with the evidence."""

    left: str
    """Name of the file that keeps its rows."""
    right: str
    kind: Literal["many_to_one", "one_to_one", "aggregated", "stacked"]
    keys: tuple[tuple[str, str], ...] = ()
    """Pairs of columns, of the left and of the right file; empty when stacked."""
    left_coverage: float = 1.0
    """Proportion 0-1 of left rows with a key whose key is in the right file."""
    right_coverage: float = 1.0
    """Proportion 0-1 of the right file's distinct keys that are in the left one."""
    left_uniqueness: float = 1.0
    """Distinct keys per row with a key; 1 for a key of its own in every row."""
    right_uniqueness: float = 1.0
    rows_left: int
    rows_right: int
    rows_after: int
    columns_added: tuple[str, ...] = ()
    evidence: str = ""
    """One sentence with the numbers."""
