"""Who is told when something goes wrong: alert rules, messages, pagers, dashboards kept with the code."""

from __future__ import annotations

import re

from tasks.evidence.monitoring.config_lines import config_matches
from tasks.evidence.monitoring.facts import Tool
from tasks.evidence.monitoring.uses import as_tools, imported_tools, is_test, merge
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot

ALERT_LIBRARIES = {
    "slack_sdk": "slack",
    "slack": "slack",
    "slackclient": "slack",
    "slack_webhook": "slack",
    "prefect_slack": "slack",
    "airflow.providers.slack": "slack",
    "airflow.operators.slack_operator": "slack",
    "zenml.integrations.slack": "slack",
    "smtplib": "email",
    "sendgrid": "email",
    "yagmail": "email",
    "airflow.operators.email": "email",
    "airflow.utils.email": "email",
    "pdpyras": "pagerduty",
    "pypd": "pagerduty",
    "pymsteams": "teams",
    "telegram": "telegram",
    "telebot": "telegram",
    "twilio": "twilio",
    "discord_webhook": "discord",
    "plyer": "desktop notification",
    "apprise": "apprise",
    "knockknock": "knockknock",
}
_WEBHOOK = re.compile(
    r"hooks\.slack\.com|SLACK_WEBHOOK|events\.pagerduty\.com|outlook\.office\.com/webhook|discord(?:app)?\.com/api/webhooks"
)
_CONFIG = (
    (
        "alertmanager",
        re.compile(
            r"image:\s*[\"']?\S{0,60}prom/alertmanager|^\s*alertmanagers?:|^\s*-\s*alert:\s*\w|kind:\s*PrometheusRule", re.MULTILINE
        ),
    ),
    ("slack", re.compile(r"hooks\.slack\.com|slackapi/slack-github-action|action-slack|rtCamp/action-slack-notify|slack_configs:")),
    (
        "email",
        re.compile(r"email_on_failure:\s*[Tt]rue|dawidd6/action-send-mail|email_configs:|^\s*on_failure:\s*\[.{0,80}@", re.MULTILINE),
    ),
    ("pagerduty", re.compile(r"pagerduty_configs:|pagerduty")),
    (
        "cloud alarm",
        re.compile(r"AWS::CloudWatch::Alarm|aws_cloudwatch_metric_alarm|azurerm_monitor_metric_alert|google_monitoring_alert_policy"),
    ),
)


def find_alerting(snapshot: Snapshot) -> tuple[Tool, ...]:
    """Means of alerting in code and configuration, sorted by name."""
    return as_tools(merge(imported_tools(snapshot, ALERT_LIBRARIES), config_matches(snapshot, _CONFIG), _messages(snapshot)))


def _messages(snapshot: Snapshot) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for source in snapshot.sources:
        if is_test(source.path):
            continue
        for call in source.calls:
            if (
                call.attribute == "EmailOperator"
                or call.keywords.get("email_on_failure") == "True"
                or "on_failure_callback" in call.keywords
            ):
                found.setdefault("failure callback", []).append(place_in(snapshot, source.path, call.line, "told on failure"))
            elif (call.attribute == "alert" and call.name.startswith(("wandb.", "run."))) or call.name == "wandb.alert":
                found.setdefault("wandb alert", []).append(place_in(snapshot, source.path, call.line, "alert"))
        for text, line in source.strings:
            if match := _WEBHOOK.search(text):
                name = "pagerduty" if "pagerduty" in match.group() else "slack" if "lack" in match.group().lower() else "webhook"
                found.setdefault(name, []).append(place_in(snapshot, source.path, line, "webhook"))
    return found
