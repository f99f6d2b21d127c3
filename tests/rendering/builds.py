"""Builds made by hand: one that may be shipped, one that leaks, one that ended early, and one whose every text is an attack."""

from tasks.evidence.leaks.facts import LeakSuspect
from tasks.evidence.scores.facts import Candidate, Estimate, LoopFacts, Member, SliceScore, TestFacts
from tasks.evidence.table.facts import ColumnProfile, SourceFile, TableProfile
from tasks.rules.building.change import Change
from tasks.rules.building.contract import Ambiguity, Clause, ClauseResult, Contract, Understood
from tasks.rules.building.result import (
    Baseline,
    BuildResult,
    Champion,
    Export,
    FeatureSummary,
    FeatureTrack,
    File,
    Loop,
    SplitResult,
    TestResult,
)
from tasks.rules.building.split_plan import SplitPlan
from tasks.rules.contract import ModelUse

FAMILIES = ("lightgbm", "catboost", "extra_trees", "random_forest", "logistic_regression", "nearest_neighbours")


def contract(**changes):
    values = {
        "objective": "predict churn, missing a churner is worse than a false alarm, recall at least 0.9",
        "target": "churn", "task": "binary", "classes": ("no", "yes"), "positive": "yes", "metric": "roc_auc", "direction": "higher",
        "clauses": (Clause(kind="metric", text="recall of churn = yes at least 0.9", metric="recall", bound=0.9),),
        "cost_ratio": 5.0, "group_column": "customer_id", "forbidden": ("cancel_reason",),
        "understood": (
            Understood(field="target", value="churn", source="text", why="the objective names the column"),
            Understood(field="metric", value="roc_auc", source="default", why="two classes and no metric named"),
            Understood(field="cost_ratio", value="5", source="text", why="missing one is worse, no factor is given"),
        ),
        "ambiguities": (Ambiguity(question="Which column is the customer?", options=("customer_id", "account"), chosen="customer_id", why="its values repeat"),),
    }  # fmt: skip
    return Contract(**values | changes)


def candidate(i=0, **changes):
    values = {
        "id": f"c{i}", "loop": 1, "family": FAMILIES[i % 6], "view": "tree", "params": {"learning_rate": 0.05123456, "leaves": 31},
        "origin": "portfolio", "status": "done", "fold_scores": (0.88, 0.9, 0.92), "score": 0.9 - 0.01 * i, "train_score": 0.97, "seconds": 1.5,
    }  # fmt: skip
    return Candidate(**values | changes)


def loop_facts(loop=1, value=0.895, **changes):
    values = {
        "loop": loop, "candidates": 18, "best": "c0", "members": (Member(id="c0", family="lightgbm", weight=0.7), Member(id="c1", family="catboost", weight=0.3)),
        "estimate": Estimate(metric="roc_auc", value=value, low=0.87, high=0.92, rows=2250),
        "baselines": (Estimate(metric="roc_auc", value=0.5), Estimate(metric="roc_auc", value=0.84)),
        "baseline_names": ("dummy", "logistic regression"), "overfit_gap": 0.07, "fold_spread": 0.012, "noise": 0.004,
        "gain": None if loop == 1 else 0.006, "features_in": 19, "features_out": 46,
        "importances": (("tenure", 0.4), ("contract_type", 0.35), ("monthly_charges", 0.25)),
    }  # fmt: skip
    return LoopFacts(**values | changes)


def profile(name="churn.csv"):
    return TableProfile(
        rows=3000, rows_in_files=3000, sampled=False, duplicates=2,
        columns=tuple(
            ColumnProfile(name=c, kind="numeric", semantic="measure", nulls=0.1 * (i == 1), distinct=100)
            for i, c in enumerate(("tenure", "monthly_charges", "churn"))
        ),
        sources=(SourceFile(path=name, format="csv", bytes=120_000, sha256="ab" * 32, rows=3000, columns=21, notes=("encoding guessed: cp1252",)),),
        notes=("total_charges: 11 cells with a blank are read as missing",),
    )  # fmt: skip


def split(**changes):
    values = {
        "plan": SplitPlan(kind="group", column="customer_id", stratified=True, test_share=0.25, folds=5, reasons=("customers have several rows",)),
        "rows_development": 2250, "rows_sealed": 740, "rows_without_target": 10, "groups_development": 900, "groups_sealed": 300,
    }  # fmt: skip
    return SplitResult(**values | changes)


def build(**changes):
    """Recall 0.91 is met, the champion beats the simple baseline."""
    slices = (
        SliceScore(
            column="region", level="north", rows=90, estimate=Estimate(metric="roc_auc", value=0.81, low=0.74, high=0.88), beyond_noise=True
        ),
        SliceScore(
            column="region",
            level="south",
            rows=210,
            estimate=Estimate(metric="roc_auc", value=0.92, low=0.88, high=0.95),
            beyond_noise=False,
        ),
    )
    facts = TestFacts(
        estimate=Estimate(metric="roc_auc", value=0.907, low=0.88, high=0.93, rows=740),
        others=(Estimate(metric="recall", value=0.91, low=0.86, high=0.95), Estimate(metric="average_precision", value=0.77)),
        baselines=(), baseline_names=(), p_value=0.0004, beats_baseline=True, calibration_error=0.021, threshold=0.18,
        threshold_table=tuple({"threshold": t, "precision": 0.4 + t, "recall": 1 - t, "alarms per 100 rows": 40 - 30 * t, "cost": 90 * t} for t in (0.1, 0.18, 0.5)),
        milliseconds_per_row=0.08, optimism=-0.3, slices=slices,
    )  # fmt: skip
    change = Change(
        kind="regularise", sentence="The training score is 0.07 above the out-of-fold score, so only stronger regularisation is tried."
    )
    values = {
        "contract": contract(), "split": split(),
        "loops": (
            Loop(loop=1, route="retrain", reasons=("The best candidate overfits by 0.07.",), change=change, score=0.895, facts=loop_facts()),
            Loop(loop=2, route="finalize", reasons=("The last loop gained 0.006, and nothing is left to try.",), change=None, score=0.901, facts=loop_facts(2, 0.901)),
        ),
        "champion": Champion(
            loop=2, name="ensemble of 2: lightgbm, catboost", members=loop_facts().members,
            estimate=Estimate(metric="roc_auc", value=0.901, low=0.88, high=0.92, rows=2250), threshold=0.18,
            threshold_reason="the largest threshold that finds nine in ten on out-of-fold predictions", calibration="platt", refitted=True,
        ),
        "test": TestResult(metric="roc_auc", value=0.907, low=0.88, high=0.93, confidence_low=0.885, confidence_high=0.925, rows=740, facts=facts),
        "baselines": (
            Baseline(name="dummy", kind="dummy", value=0.5, low=0.5, high=0.5, p_value=1e-9, beaten=True),
            Baseline(name="logistic regression", kind="simple", value=0.84, low=0.81, high=0.87, p_value=0.0004, beaten=True),
        ),
        "clauses": (ClauseResult(text="recall of churn = yes at least 0.9", met=True, evidence="0.91 at threshold 0.18 on 740 sealed rows"),),
        "verdict": "ship", "reasons": ("It beats the best baseline by 0.067, p 0.0004", "Every clause is met"),
        "budget_seconds": 60.0, "seconds": 57.4, "model": ModelUse(name=None), "key": "b0123456789abcdef0123", "seed": 7,
        "started": "2026-01-02T03:04:05Z", "profile": profile(),
        "leaks": (LeakSuspect(columns=("cancel_date",), kind="missingness", score=1.0, evidence="empty in every row without churn, filled in every row with it", certain=True),),
        "dropped": (FeatureTrack(column="customer_id", kind="identifier", status="dropped", reason="names the customer"),),
        "features": FeatureSummary(
            columns_in=19, features_out=46, tracks=(FeatureTrack(column="signup", kind="datetime", features=("signup year", "signup weekday")),),
            importances=loop_facts().importances,
        ),
        "slices": slices, "candidates": (*(candidate(i) for i in range(6)), candidate(6, status="failed", score=None, fold_scores=(), detail="no memory")),
        "exports": (Export(form="onnx", done=False, reason="catboost with text has no ONNX form"), Export(form="predict", done=True)),
        "files": (
            File(path="model/", role="model", bytes=450_000), File(path="predict.py", role="predict", bytes=2_100),
            *(File(path=f"plots/{n}{v}.png", role="plot", title=n, bytes=9000) for n in ("thresholds", "confusion_matrix", "importances", "roc") for v in ("", ".dark")),
        ),
        "registration": "registered when the verdict is to ship", "notes": ("10 rows without a target were left out",),
        "environment": {"python": "3.11.9", "processors": "2"}, "timings": {"reading": 1.2, "training": 44.0, "report": 0.8},
    }  # fmt: skip
    return BuildResult(**values | changes)


def leaky_build():
    """A regression whose columns add up to the target; nothing is left once they are gone."""
    asked = contract(
        objective="Forecast the daily number of rentals", target="cnt", task="regression", classes=(), positive=None, metric="rmse",
        direction="lower", clauses=(Clause(kind="latency", text="under 10 ms a row", bound=10.0, comparison="at_most"),), cost_ratio=None,
        group_column=None, time_column="dteday", forecast=True, forbidden=(), understood=(), ambiguities=(),
    )  # fmt: skip
    leak = LeakSuspect(
        columns=("casual", "registered"),
        kind="identity_sum",
        score=1.0,
        evidence="casual + registered equals cnt in 731 of 731 rows",
        certain=True,
    )
    return build(
        contract=asked, leaks=(leak,), verdict="do_not_ship", reasons=("It does not beat the mean of the training rows beyond noise, p 0.31",),
        split=split(plan=SplitPlan(kind="time", column="dteday", test_share=0.25, folds=4, reasons=("the objective is about the future",)), sealed_from="2012-07-01", groups_development=None, groups_sealed=None),
        test=TestResult(metric="rmse", value=1903.2, low=1650.0, high=2201.0, rows=183),
        baselines=(Baseline(name="dummy", kind="dummy", value=1960.0, low=1700.0, high=2250.0, p_value=0.31, beaten=False),),
        clauses=(ClauseResult(text="under 10 ms a row", met=None, evidence="the machine was too busy to measure it"),), slices=(),
    )  # fmt: skip


def ended_build():
    """Nothing was trained."""
    return BuildResult(
        contract=contract(), split=None, loops=(), champion=None, test=None, baselines=(), clauses=(), verdict="do_not_ship",
        reasons=("No column is left to learn from",), budget_seconds=20.0, seconds=4.0, model=ModelUse(name=None),
    )  # fmt: skip


def hostile_build(text):
    """Every text that data, objective or model can choose is `text`."""
    made = build()
    asked = contract(
        objective=text, target=text, classes=(text, "b"), positive=text, clauses=(Clause(kind="metric", text=text),), group_column=text, forbidden=(text,),
        understood=(Understood(field="target", value=text, source="model", why=text),),
        ambiguities=(Ambiguity(question=text, options=(text,), chosen=text, why=text),),
    )  # fmt: skip
    loops = tuple(
        loop.model_copy(
            update={"reasons": (text,), "argument": text, "change": Change(kind="drop_columns", columns=(text,), sentence=text)}
        )
        for loop in made.loops
    )
    track = FeatureTrack(column=text, kind=text, features=(text,), reason=text)
    assert made.champion is not None and made.test is not None
    return made.model_copy(update={
        "contract": asked, "loops": loops, "reasons": (text, text), "profile": profile(text), "notes": (text,),
        "split": split(plan=SplitPlan(kind="time", column=text, test_share=0.2, folds=3, reasons=(text,)), notes=(text,)),
        "champion": made.champion.model_copy(update={"name": text, "threshold_reason": text}),
        "leaks": (LeakSuspect(columns=(text,), kind="copy", score=1.0, evidence=text, certain=False),), "dropped": (track,),
        "clauses": (ClauseResult(text=text, met=False, evidence=text),), "baselines": (Baseline(name=text, kind="simple", value=0.5),),
        "slices": tuple(s.model_copy(update={"column": text, "level": text}) for s in made.slices),
        "candidates": (candidate(family=text, params={text: text}, detail=text, status="failed", score=None),),
        "features": FeatureSummary(tracks=(track,), generated=(text,), rejected=(text,), importances=((text, 1.0),)),
        "files": (File(path=text, role="predict", title=text), File(path=text, role="plot", title=text)),
        "exports": (Export(form="onnx", done=False, reason=text),), "environment": {text: text}, "timings": {text: 1.0}, "registration": text,
        "model": ModelUse(name=text, calls=1, notes=[text]), "model_added": text,
    })  # fmt: skip
