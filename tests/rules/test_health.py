import pytest

from tasks.evidence.monitoring.facts import Tool
from tasks.rules.evidence import Evidence
from tasks.rules.health import decide_health, live_drift
from tests.readiness import NOT_ML, entry, evidence

SERVED = {"serve_entrypoints": (entry("app.py"),)}


def pair(*levels, roles=("reference", "current"), beyond_noise=True):
    features = [{"name": f"f{i}", "level": level, "psi": 0.3, "beyond_noise": beyond_noise} for i, level in enumerate(levels)]
    return [{"reference": "a.csv", "current": "b.csv", "roles": roles, "features": features}]


@pytest.mark.parametrize(
    ("drift", "health"),
    [
        (pair("none", "high"), "critical"),
        (pair("none", "moderate"), "at_risk"),
        (pair("none"), "healthy"),
        (pair("high", beyond_noise=False), "healthy"),
        (pair("high", roles=("train", "test")), "unknown"),
        ([], "unknown"),
    ],
)
def test_measured_drift_decides(drift, health):
    assert decide_health(evidence(), drift).health == health


def test_a_served_model_that_nothing_watches_is_at_risk():
    assert decide_health(evidence(project=SERVED), []).health == "at_risk"


def test_a_watched_model_without_data_to_compare_is_unknown():
    watched = evidence(project=SERVED, monitoring={"instrumentation": (Tool(name="evidently"),)})
    assert decide_health(watched, []).health == "unknown"


def test_without_a_model_there_is_no_health():
    assert decide_health(NOT_ML, []).health == "not_applicable"
    assert decide_health(Evidence(), []).health == "unknown"


def test_the_worst_drift_comes_first():
    drift = pair("moderate", "high", "none")
    assert [f["name"] for f in live_drift(drift)] == ["f1", "f0"]
