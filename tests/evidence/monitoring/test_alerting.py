import pytest

from tasks.evidence.monitoring.alerting import find_alerting


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"a.py": "from slack_sdk import WebClient\n"}, "slack"),
        ({"a.py": "import smtplib\n"}, "email"),
        ({"a.py": "url = 'https://hooks.slack.com/services/x'\n"}, "slack"),
        ({"a.py": "dag = DAG('x', on_failure_callback=tell)\n"}, "failure callback"),
        ({"rules.yml": "groups:\n  - rules:\n    - alert: Drift\n"}, "alertmanager"),
    ],
)
def test_who_is_told_is_named(snapshot, files, name):
    assert [t.name for t in find_alerting(snapshot(**files))] == [name]


def test_a_readme_that_speaks_of_alerts_has_none(snapshot):
    assert find_alerting(snapshot(**{"README.md": "Slack alerts on failure: hooks.slack.com\n"})) == ()
