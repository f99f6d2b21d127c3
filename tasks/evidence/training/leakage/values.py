"""What a variable can hold while a module is followed: data, statistics, estimators, predictions, scores, containers."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import Any

from tasks.evidence.training.leakage.rows import Rows


@dataclass(frozen=True, slots=True)
class Taint:
    """Something learnt over all rows that has gone into data; a leak as soon as these rows are split."""

    kind: str
    line: int
    rows: Rows
    certainty: str = "likely"
    note: str = ""
    waits: bool = False
    """Learnt from more than the part it went into: a leak as soon as a name tells that this is a train or test part."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a column was computed from others of the same table."""

    sources: frozenset[str]
    how: str
    """`formula` (arithmetic of columns), `unary` (one column decides it), `aggregate` (statistic by group), `lag` (earlier
    rows) or `future` (later rows)."""
    line: int
    rows: Rows = frozenset()


@dataclass(slots=True)
class Data:
    """A table, column, array or index. Mutable: names share it as they share the object in the program."""

    rows: Rows
    taints: frozenset[Taint] = frozenset()
    table: str = ""
    """Where its columns come from; only data of one table can be compared by column names."""
    dropped: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    opaque: bool = False
    """Its columns are not known any more."""
    present: frozenset[str] = frozenset()
    """Columns read or written since they were not known any more: these are there."""
    column: str | None = None
    sources: frozenset[str] = frozenset()
    """Columns a series was computed from."""
    how: str = ""
    derived: dict[str, Derivation] = field(default_factory=dict)
    predicted: dict[str, Prediction] = field(default_factory=dict)
    """Columns that hold what a model predicted."""
    filters: tuple[tuple[str, int], ...] = ()
    """Columns with bounds that rows were filtered by, with the line."""
    bounds: bool = False
    """A mask made by comparing with bounds."""
    subset: str = ""
    """Name of the variable these rows were chosen from: its new name may tell a train or test part."""
    is_random: bool = False
    """Rows chosen by chance."""
    is_index: bool = False
    is_element: bool = False
    """One of these rows, in a loop over them."""
    fresh: bool = False
    """Just loaded: the name it is given to may tell its role."""
    temporal: int | None = None
    """Line at which lagged or rolling columns were made."""
    line: int = 0
    parent: Data | None = None
    windows: bool = False
    """Overlapping windows cut out of one series."""
    output_of: Estimator | None = None
    """The network whose outputs for these rows these are."""
    mentioned: set[str] = field(default_factory=set)
    """Columns that the module has named; shared by everything made from one table."""
    entities: set[str] = field(default_factory=set)
    """Identifiers that rows were grouped by without being summed up; shared like `mentioned`."""

    def derive(self, **changes: Any) -> Data:
        """A new value from this one; later changes of either do not touch the other."""
        if changes.get("opaque"):
            changes = {"present": frozenset(), **changes}
        own = {"derived": dict(self.derived), "predicted": dict(self.predicted), "subset": "", "is_random": False, "fresh": False}
        return replace(self, **{**own, "parent": None, **changes})

    def retains(self, column: str) -> bool:
        """Whether the column is certainly still among the columns."""
        if column in self.dropped or (self.opaque and column not in self.present):
            return False
        return self.only is None or column in self.only or column.startswith("?")

    def add(self, taints: frozenset[Taint]) -> None:
        """Take over taints from data that was written into this one, and into the table it is a column of."""
        self.taints |= taints
        if self.parent is not None:
            self.parent.add(taints)


@dataclass(frozen=True, slots=True)
class Statistic:
    """A number or table of numbers computed from data."""

    rows: Rows
    line: int
    sources: frozenset[str] = frozenset()
    table: str = ""
    name: str = ""
    by_group: bool = False
    kind: str = ""
    """`choice`: columns chosen by their relation to the target."""
    label: str = ""
    """The name it was given as a column."""
    windows: bool = False
    entities: frozenset[str] = frozenset()


@dataclass(slots=True)
class Estimator:
    """An object with `fit`: what it is, and the rows it was last fitted on."""

    name: str
    family: str
    line: int = 0
    steps: tuple[Estimator, ...] = ()
    rows: Rows = frozenset()
    fit_line: int = 0
    stop_rows: Rows = frozenset()
    stop_line: int = 0
    stops_early: bool = False
    selects_columns: bool = False
    fits: int = 0
    fit_loops: tuple[int, ...] = ()
    """Lines of the loops in which a network was trained by hand."""
    given: Data | None = None
    given_target: Data | None = None
    """Rows handed over when the object was made; its `fit()` and `predict()` without arguments mean these."""


@dataclass(frozen=True, slots=True)
class Prediction:
    estimator: Estimator
    fitted: Rows
    fit_line: int
    rows: Rows
    line: int


@dataclass(frozen=True, slots=True)
class Score:
    """A metric's value on some rows."""

    rows: Rows
    line: int
    loop: int
    """Line of the innermost loop in which both fit and score happen, 0 for none."""
    estimator: str = ""


@dataclass(slots=True)
class Bundle:
    """A tuple, list or dict."""

    items: list[Any] = field(default_factory=list)
    keys: dict[Any, Any] = field(default_factory=dict)
    scores: list[Score] = field(default_factory=list)
    """Scores gathered by append or by key."""
    is_sorted: bool = False
    is_grown: bool = False
    """Things of which nothing is known were appended."""


@dataclass(frozen=True, slots=True)
class Const:
    value: Any


@dataclass(frozen=True, slots=True)
class Ref:
    """A dotted name of something imported, or a bound method of it."""

    name: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of some columns of a table: `df.columns.drop("y")`, `[c for c in df if c != "y"]`."""

    data: Data
    is_open: bool = False
    """The element of a loop over them: any one of these."""


@dataclass(frozen=True, slots=True)
class Function:
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Any
    owner: Any = None
    closure: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Class:
    node: ast.ClassDef
    module: Any
    gives_rows: bool = False
    """A data set: one row after the other by `__getitem__`."""
    gives_windows: bool = False
    """Its rows are overlapping pieces of one series."""


@dataclass(slots=True)
class Instance:
    kind: Class
    attributes: dict[str, Any] = field(default_factory=dict)
    network: Estimator | None = None
    """What an object with a `forward` has learnt."""


@dataclass(frozen=True, slots=True)
class Indexer:
    """`df.loc`, `df.iloc`."""

    data: Data
    label: str


@dataclass(frozen=True, slots=True)
class Grouped:
    data: Data
    columns: frozenset[str] | None = None
    """The columns that are summarised; None for all."""
    keys: frozenset[str] = frozenset()
    line: int = 0
    how: str = "aggregate"


@dataclass(frozen=True, slots=True)
class Folds:
    """A cross-validation splitter's `split(X)`: pairs of indices."""

    rows: Rows
    line: int
    ordered: bool = False
    """Later rows are never learnt from when earlier ones are tested, or groups stay together."""


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """All row numbers in some order, or a slice of them."""

    line: int
    part: str = ""
    """The text of the slice; nothing for all."""


@dataclass(frozen=True, slots=True)
class Splitter:
    """A cross-validation object before it sees rows."""

    name: str
    shuffled: bool = False
    ordered: bool = False
    """Keeps time in order or groups together."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A name imported from an own module that has not been looked into yet; an empty name means the module itself."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    name: str = ""


NOTHING = Unknown()
