import pytest

from tasks.evidence.monitoring.instrumentation import find_instrumentation


def names(found):
    return {t.name: t.of_model for t in found}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": "from prometheus_client import Counter\n"}, {"prometheus": False}),
        ({"job.py": "from evidently import Report\n"}, {"evidently": True}),
        ({"job.py": "def check_drift(a, b):\n    return a\n"}, {"own drift check": True}),
        ({"jobs/monitoring.py": "from sklearn.metrics import f1_score\nf1_score(seen, told)\n"}, {"own performance check": True}),
        ({"docker-compose.yml": "services:\n  g:\n    image: grafana/grafana\n"}, {"grafana": False}),
        ({"explain.py": "import shap\n"}, {"shap explanations": True}),
    ],
)
def test_what_is_really_used_is_named(snapshot, files, expected):
    assert names(find_instrumentation(snapshot(**files))) == expected


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "We monitor with Prometheus and evidently.\n"},
        {"requirements.txt": "evidently\nprometheus_client\n"},
        {"tests/test_app.py": "import evidently\n"},
        {"evaluate.py": "from sklearn.metrics import f1_score\nf1_score(y, p)\n"},
        {"prometheus.yml": "# scrape_configs:\n"},
    ],
)
def test_prose_requirements_tests_and_comments_do_not_count(snapshot, files):
    assert find_instrumentation(snapshot(**files)) == ()
