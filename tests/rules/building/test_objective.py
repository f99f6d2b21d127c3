"""What plain English asks of a table: target, task, metric, clauses, costs, columns; and what is refused in one line."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from tasks.errors import DataRefused, SettingError, UserError
from tasks.evidence.scores.metrics import METRICS
from tasks.evidence.table.facts import TableProfile
from tasks.rules.building.objective import Overrides, understand
from tests.rules.building.known import known_tables
from tests.rules.building.tables import profile_of


@cache
def _profile(name: str) -> TableProfile:
    return profile_of(known_tables()[name])


SAID: tuple[tuple[str, str, dict[str, object]], ...] = (
    (
        "telco",
        "predict churn, missing a churner is worse than a false alarm",
        {"target": "Churn", "task": "binary", "positive": "Yes", "cost_ratio": 5, "metric": "roc_auc"},
    ),
    (
        "telco",
        "Which customers will leave? Recall at least 0.9, precision above 50%. Probabilities must be calibrated and under 10 ms per row.",
        {"target": "Churn", "positive": "Yes", "nclauses": 4},
    ),
    (
        "telco",
        "Predict total charges with RMSE below 300",
        {"target": "TotalCharges", "task": "regression", "metric": "rmse", "nclauses": 1},
    ),
    (
        "telco",
        "Predict churn without using gender or tenure. Accuracy does not matter, F1 does.",
        {"target": "Churn", "forbidden": ("gender", "tenure"), "metric": "f1"},
    ),
    ("telco", "predict chrun", {"target": "Churn"}),
    (
        "bank",
        "Predict which customers exit the bank; a miss costs 100 and a false alarm 10.",
        {"target": "Exited", "positive": "1", "cost_ratio": 10},
    ),
    ("bank", "Predict customer churn. A false alarm costs 10, a miss 100.", {"target": "Exited", "cost_ratio": 10}),
    ("bank", "Predict attrition, a missed leaver is 5 times worse than a false alarm", {"target": "Exited", "cost_ratio": 5}),
    ("bank", "predict churn; ignore the id and the surname", {"target": "Exited", "forbidden": ("CustomerId", "Surname")}),
    ("house", "Estimate house prices within 10% error", {"target": "SalePrice", "task": "regression", "nclauses": 1, "metric": "rmse"}),
    ("house", "predict the sale price, percentage error matters most", {"target": "SalePrice", "metric": "mape"}),
    ("house", "What is a house worth? MAE please.", {"target": "SalePrice", "metric": "mae"}),
    ("wine", "Predict the quality of a wine", {"target": "quality"}),
    ("wine", "classify wines by quality, accuracy above 60%", {"target": "quality", "task": "multiclass", "nclauses": 1}),
    (
        "cancer",
        "Detect malignant tumours; catch at least 95 % of them, at most 5% false alarms",
        {"target": "diagnosis", "positive": "M", "nclauses": 2},
    ),
    ("cancer", "Is the tumour benign?", {"target": "diagnosis"}),
    ("fraud", "Detect fraudulent transactions, fraud is rare", {"target": "isFraud", "positive": "1", "metric": "average_precision"}),
    (
        "german",
        "Is the applicant a good or bad credit risk? Maximise AUC. Do not use sex.",
        {"target": "risk", "positive": "bad", "metric": "roc_auc", "forbidden": ("sex",)},
    ),
    ("flights", "Predict the arrival delay of a flight", {"target": "arr_delay", "task": "regression"}),
    ("flights", "How late will a plane arrive? dep_delay must not be used.", {"target": "arr_delay", "forbidden": ("dep_delay",)}),
    ("tit", "Who died on the Titanic?", {"target": "Survived", "positive": "0"}),
    ("tit", "Find the survivors, ranking matters", {"target": "Survived", "positive": "1", "metric": "roc_auc"}),
    ("heart", "Does the patient have heart disease?", {"target": "target", "positive": "1"}),
    ("heart", "Predict cholesterol (chol)", {"target": "chol", "task": "regression"}),
    ("conc", "Predict the compressive strength of concrete", {"target": "csMPa"}),
    ("emp", "Which employees are going to quit?", {"target": "Attrition", "positive": "Yes"}),
    ("emp", "Estimate the monthly income of an employee", {"target": "MonthlyIncome"}),
    ("emp", "Predict attrition; balanced accuracy, Recall mindestens 0,8", {"target": "Attrition", "metric": "balanced_accuracy"}),
    ("emp", "Predict attrition with recall at least 0,8", {"target": "Attrition", "nclauses": 1}),
    ("wea", "Will it rain tomorrow?", {"target": "RainTomorrow", "positive": "Yes", "forecast": True}),
    ("stu", "Predict the math score from the other scores", {"target": "math score"}),
    ("stu", "Predict `writing score` using everything but gender", {"target": "writing score", "forbidden": ("gender",)}),
    ("telco", "I want log loss to be as low as possible when predicting Churn", {"target": "Churn", "metric": "log_loss"}),
    ("telco", "Predict churn. A false alarm is worse than a miss.", {"cost_ratio": 0.2}),
    ("telco", "Predict churn so that 90% of churners are found", {"target": "Churn", "nclauses": 1}),
    ("telco", "", {"target": "Churn"}),
    ("telco", "make a good model", {"target": "Churn"}),
    ("telco", "Predict churn for new customers", {"target": "Churn"}),
    ("iris", "Classify the iris flower into its species.", {"target": "species", "task": "multiclass", "metric": "log_loss"}),
    ("iris", "Which kind of iris is it?", {"target": "species"}),
    ("bike", "Forecast the number of bikes rented each hour", {"target": "count", "forecast": True, "time_column": "datetime"}),
    (
        "bike",
        "How many bikes will be rented? Do not use casual and registered.",
        {"target": "count", "forbidden": ("casual", "registered")},
    ),
    ("spam", "Filter spam messages; precision of at least 99 %", {"target": "label", "positive": "spam", "nclauses": 1}),
    ("mush", "Is the mushroom poisonous?", {"target": "class", "task": "binary"}),
    ("dia", "Predict diamond prices from carat and cut", {"target": "price", "task": "regression"}),
    (
        "dia",
        "Estimate the price; R2 above 0.9 and answers in under 5 milliseconds per prediction",
        {"target": "price", "nclauses": 2, "metric": "rmse"},
    ),
    ("ins", "Estimate the medical cost of an insured person, off by less than 2000", {"target": "charges", "nclauses": 1}),
    ("ins", "Estimate charges. I care about the mean absolute error.", {"target": "charges", "metric": "mae"}),
    ("loan", "Should the loan be approved?", {"target": "Loan_Status", "positive": "Y"}),
    ("pima", "Predict whether a patient has diabetes. Recall above 0.8.", {"target": "Outcome", "positive": "1", "nclauses": 1}),
    ("ab", "Predict the age of abalone from physical measurements (rings)", {"target": "Rings", "task": "regression"}),
    (
        "stroke",
        "Predict strokes. They are rare; missing one is ten times worse than a false alarm.",
        {"target": "stroke", "cost_ratio": 10, "metric": "average_precision"},
    ),
    ("rent", "What rent can I ask for a flat?", {"target": "rent amount (R$)", "task": "regression"}),
    ("click", "Will a user click on the ad?", {"target": "Clicked on Ad", "positive": "1"}),
    ("sales", "Predict weekly sales for the next quarter", {"target": "Weekly_Sales", "forecast": True, "time_column": "Date"}),
    ("sales", "Forecast sales of unseen stores, MAPE below 15%", {"target": "Weekly_Sales", "nclauses": 1, "group_column": "Store"}),
    ("cred", "Predict default payment next month", {"target": "default.payment.next.month", "positive": "1"}),
    (
        "cred",
        "Which credit card holders default? Not by accuracy, use the area under the precision recall curve.",
        {"target": "default.payment.next.month", "metric": "average_precision"},
    ),
    ("cred", "Predict defaults without SEX; the model may not exceed 20 ms per request", {"forbidden": ("SEX",), "nclauses": 1}),
    (
        "telco",
        "We lose money when customers churn. Find them early. A missed churner costs us 500, a false alarm only 50.",
        {"target": "Churn", "cost_ratio": 10},
    ),
    (
        "telco",
        "Predict the monthly charges of a customer, never looking at TotalCharges",
        {"target": "MonthlyCharges", "forbidden": ("TotalCharges",)},
    ),
    ("telco", "Churn prediction with F1 score >= 0.6", {"target": "Churn", "nclauses": 1, "metric": "roc_auc"}),
    ("telco", "Churn prediction. False alarms are not worse than misses.", {"cost_ratio": None}),
    ("telco", "Predict Churn; probabilities need not be calibrated", {"nclauses": 0}),
    ("telco", "predict the `Contract` type", {"target": "Contract", "task": "multiclass"}),
    ("house", "predict SalePrice; RMSE under 25,000", {"target": "SalePrice", "nclauses": 1}),
    ("house", "Predict the overall quality of a house", {"target": "OverallQual"}),
    ("emp", "Predict job satisfaction", {"target": "JobSatisfaction"}),
    ("flights", "Predict whether a flight arrives late", {"target": "arr_delay", "task": "regression"}),
    ("german", "Rank applicants by risk", {"target": "risk", "metric": "roc_auc"}),
)


@pytest.mark.parametrize(("table", "text", "expected"), SAID, ids=[text[:50] for _, text, _ in SAID])
def test_objective_is_understood(table: str, text: str, expected: dict[str, object]) -> None:
    contract = understand(text, _profile(table))
    told = {**contract.model_dump(), "nclauses": len(contract.clauses)}
    assert {field: told[field] for field in expected} == expected
    assert contract.direction == METRICS[contract.metric].direction
    assert {"target", "task", "metric"} <= {u.field for u in contract.understood}


@pytest.mark.parametrize(
    ("table", "text", "metric", "bound", "comparison"),
    [
        ("telco", "Predict churn, recall at least 0.9", "recall", 0.9, "at_least"),
        ("telco", "Predict churn. At least 90% recall is a must.", "recall", 0.9, "at_least"),
        ("telco", "Predict churn with precision above 80 percent", "precision", 0.8, "at_least"),
        ("telco", "Predict churn; AUC of 0.85 or better", "roc_auc", 0.85, "at_least"),
        ("telco", "Predict churn; at most 5% false alarms", "precision", 0.95, "at_least"),
        ("telco", "Find at least 75% of churners", "recall", 0.75, "at_least"),
        ("telco", "Predict churn; log loss below 0.4", "log_loss", 0.4, "at_most"),
        ("telco", "Predict churn; recall at least 0,85", "recall", 0.85, "at_least"),
        ("house", "Predict SalePrice; the RMSE must be below 30,000", "rmse", 30000.0, "at_most"),
        ("house", "Predict SalePrice within 10% error", "mape", 0.1, "at_most"),
        ("flights", "Predict arr_delay, off by less than 3", "mae", 3.0, "at_most"),
        ("flights", "Predict arr_delay. R2 over 0.8", "r2", 0.8, "at_least"),
    ],
)
def test_bounds_become_clauses(table: str, text: str, metric: str, bound: float, comparison: str) -> None:
    (clause,) = understand(text, _profile(table)).clauses
    assert (clause.kind, clause.metric, clause.bound, clause.comparison) == ("metric", metric, bound, comparison)


def test_latency_and_calibration_are_clauses_in_their_units() -> None:
    clauses = {
        c.kind: c
        for c in understand("Predict churn; calibrated probabilities, each prediction under 0.5 seconds", _profile("telco")).clauses
    }
    assert clauses["latency"].bound == 500
    assert clauses["calibrated"].comparison == "at_most"


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("Predict churn. Missing a churner is 5 times worse than a false alarm.", 5),
        ("Predict churn. A miss is twice as bad as a false alarm.", 2),
        ("Predict churn. False negatives cost 10 times more than false positives.", 10),
        ("Predict churn. A false alarm costs 10, a miss 100.", 10),
        ("Predict churn. A miss costs 30 and a false alarm 10.", 3),
        ("Predict churn. A false positive is 4 times worse than a false negative.", 0.25),
        ("Predict churn. A false alarm is not worse than a miss.", None),
        ("Predict churn.", None),
    ],
)
def test_costs_become_a_ratio(text: str, ratio: float | None) -> None:
    assert understand(text, _profile("telco")).cost_ratio == ratio


def test_flags_win_over_the_text() -> None:
    said = Overrides(target="Contract", metric="accuracy", forbid=("gender",))
    contract = understand("predict churn, optimise AUC", _profile("telco"), said)
    assert (contract.target, contract.task, contract.metric, contract.forbidden) == ("Contract", "multiclass", "accuracy", ("gender",))
    assert {u.source for u in contract.understood if u.field in ("target", "metric", "forbidden")} == {"flag"}


def test_positive_by_flag_is_found_in_any_case_and_number_style() -> None:
    assert understand("predict churn", _profile("telco"), Overrides(positive="no")).positive == "No"
    assert understand("predict churn", _profile("bank"), Overrides(positive="0.0")).positive == "0"


def test_a_guess_is_told_as_a_question_with_its_options() -> None:
    (question,) = understand("make a good model", _profile("telco")).ambiguities
    assert question.chosen == "Churn" and "--target" in question.why


@pytest.mark.parametrize(
    ("table", "text", "said", "words"),
    [
        ("telco", "predict churn", Overrides(target="Chrn"), "Did you mean 'Churn'"),
        ("telco", "predict `monthly_charge`", Overrides(), "MonthlyCharges"),
        ("telco", "predict", Overrides(target="customerID"), "an id of the row"),
        ("spam", "predict", Overrides(target="text"), "free text"),
        ("wea", "predict", Overrides(target="Date"), "is a date"),
        ("telco", "predict churn", Overrides(positive="Maybe"), "'No' and 'Yes'"),
        ("telco", "predict churn", Overrides(forbid=("nothing",)), "no column"),
        ("telco", "predict churn", Overrides(group="nobody"), "--group"),
    ],
)
def test_what_cannot_be_predicted_is_refused_with_the_remedy(table: str, text: str, said: Overrides, words: str) -> None:
    with pytest.raises(DataRefused, match=words) as refused:
        understand(text, _profile(table), said)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("metric", "words"), [("acuracy", "accuracy"), ("rmse", "does not measure a binary task")])
def test_a_metric_that_does_not_fit_is_refused(metric: str, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        understand("predict churn", _profile("telco"), Overrides(metric=metric))


@pytest.mark.parametrize(("values", "words"), [([None] * 40, "no value"), (["a"] * 40, "in every row"), (list(range(100, 140)), "an id")])
def test_targets_that_teach_nothing_are_refused(values: list[object], words: str) -> None:
    frame = pd.DataFrame({"row_id": values, "x": [float(i % 7) for i in range(40)]})
    with pytest.raises(UserError, match=words):
        understand("predict", profile_of(frame), Overrides(target="row_id"))
