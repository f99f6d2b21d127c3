"""`build.json`: the contract others depend on. Exported to `docs/build.schema.json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import Candidate, Estimate, LoopFacts, Member, SliceScore, TestFacts
from tasks.evidence.table.facts import TableProfile
from tasks.rules.building.change import Change, Route
from tasks.rules.building.contract import ClauseResult, Contract, Value
from tasks.rules.building.split_plan import SplitPlan
from tasks.rules.contract import ModelUse

SCHEMA_VERSION = "1.0"
Verdict = Literal["ship", "do_not_ship"]
FileRole = Literal[
    "model", "predict", "service", "onnx", "schema", "signature", "input_example", "reference_profile", "report_html", "report_md",
    "report_json", "build_json", "plot", "template", "predictions", "log",
]  # fmt: skip


class SplitResult(Value):
    """The split as it was drawn."""

    plan: SplitPlan
    rows_development: int
    rows_sealed: int
    rows_without_target: int = 0
    """Left out, since nothing can be learned or tested on them."""
    groups_development: int | None = None
    groups_sealed: int | None = None
    sealed_from: str = ""
    """First moment of the sealed rows when the split is by time, ISO 8601."""
    notes: tuple[str, ...] = ()


class Loop(Value):
    """One pass of features, training, evaluation and critic."""

    loop: int
    route: Route
    reasons: tuple[str, ...]
    change: Change | None
    """What the critic sends back; None when the route is finalize."""
    score: float | None
    """Out-of-fold score of this loop's champion by the contract's metric; None when nothing was trained."""
    facts: LoopFacts | None = None
    allowed: tuple[Route, ...] = ()
    """Routes the rules leave open."""
    decided_by: Literal["rules", "model", "person"] = "rules"
    argument: str = ""
    """The model's words, when one argued."""


class Champion(Value):
    """The best of all loops."""

    loop: int
    name: str
    """`lightgbm` or `ensemble of 4: lightgbm, catboost, …`."""
    members: tuple[Member, ...]
    candidates: tuple[Candidate, ...] = ()
    """The members with their parameters and fold scores."""
    estimate: Estimate
    """Out-of-fold score."""
    threshold: float | None = None
    threshold_reason: str = ""
    calibration: str = "none"
    """none, platt, temperature or isotonic, chosen on out-of-fold predictions."""
    refitted: bool = False
    """On all rows, after the sealed test had been scored."""


class TestResult(Value):
    """The sealed test in four numbers; the rest stands in `facts`."""

    __test__ = False

    metric: str
    value: float
    low: float
    high: float
    """The score on fresh data of about this size lies in [low, high] in 95 % of cases."""
    confidence_low: float | None = None
    confidence_high: float | None = None
    """Plain 95 % confidence interval of the score on unlimited data; narrower."""
    rows: int = 0
    facts: TestFacts | None = None


class Baseline(Value):
    """A model anybody would try first, on the same sealed rows."""

    name: str
    kind: Literal["dummy", "simple"]
    value: float
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    """One-sided paired test of the champion against it."""
    beaten: bool | None = None


class FeatureTrack(Value):
    """What became of one column, or where one feature came from."""

    column: str
    kind: str
    features: tuple[str, ...] = ()
    status: Literal["used", "dropped", "new"] = "used"
    reason: str = ""


class FeatureSummary(Value):
    """Columns in, features out."""

    columns_in: int = 0
    features_out: int = 0
    tracks: tuple[FeatureTrack, ...] = ()
    generated: tuple[str, ...] = ()
    """Features written by a language model that beat the noise of cross-validation."""
    rejected: tuple[str, ...] = ()
    """Generated code that was refused, each with its reason."""
    importances: tuple[tuple[str, float], ...] = ()


class File(Value):
    """Something the build left behind."""

    path: str
    """Relative to the output folder."""
    role: FileRole
    title: str = ""
    bytes: int = 0
    sha256: str = ""


class Registration(Value):
    """Where the model stands in the registry."""

    model: str
    version: str
    state: str
    url: str | None = None


class Export(Value):
    """A form in which the model leaves, or why it cannot."""

    form: Literal["onnx", "service", "predict"]
    done: bool
    reason: str = ""
    """`not exportable because …`, or how it was checked."""
    rows_checked: int = 0
    largest_difference: float | None = None


class BuildResult(Value):
    """One build from a data set and a sentence to a model with a verdict."""

    schema_version: str = SCHEMA_VERSION
    contract: Contract
    split: SplitResult | None
    """None when the build ended before there was one."""
    loops: tuple[Loop, ...]
    champion: Champion | None
    test: TestResult | None
    baselines: tuple[Baseline, ...]
    clauses: tuple[ClauseResult, ...]
    verdict: Verdict
    reasons: tuple[str, ...]
    """Why it may be shipped or not, the decisive one first."""
    budget_seconds: float
    seconds: float
    model: ModelUse
    """The language model: what it did, what it cost."""

    key: str = ""
    """Name of the build's folder."""
    seed: int = 0
    started: str = ""
    """ISO 8601 in UTC."""
    profile: TableProfile | None = None
    leaks: tuple[LeakSuspect, ...] = ()
    dropped: tuple[FeatureTrack, ...] = ()
    """Columns that are no predictors, each with its reason: forbidden, leak, identifier, constant, empty."""
    features: FeatureSummary = FeatureSummary()
    slices: tuple[SliceScore, ...] = ()
    """Parts of the sealed test, the worst first."""
    candidates: tuple[Candidate, ...] = ()
    """All that were tried, also the failed ones."""
    exports: tuple[Export, ...] = ()
    files: tuple[File, ...] = ()
    registered: Registration | None = None
    registration: str = ""
    """Why it was registered, or why not."""
    notes: tuple[str, ...] = ()
    """What was done to rows, columns and files that a reader could not guess."""
    model_added: str = ""
    """What the language model added to the score, measured; empty without one."""
    environment: dict[str, str] = Field(default_factory=dict)
    """Versions of the libraries, the commit of our code, processors."""
    timings: dict[str, float] = Field(default_factory=dict)
    """Seconds per step."""
    resumed: bool = False
    """Continued after an interruption."""

    @property
    def main_plots(self) -> tuple[File, ...]:
        """Plots in the order of their importance."""
        return tuple(f for f in self.files if f.role == "plot")
