"""The room of monitoring: what watches the model, checks its data, tells people, and trains again."""

from __future__ import annotations

from tasks.evidence.monitoring.facts import MonitoringFacts
from tasks.evidence.snapshot import Snapshot


def collect(snapshot: Snapshot) -> MonitoringFacts:
    """Everything in code and configuration that watches the model; prose and requirements do not count."""
    from tasks.evidence.monitoring.alerting import find_alerting
    from tasks.evidence.monitoring.instrumentation import find_instrumentation
    from tasks.evidence.monitoring.logging import find_logging
    from tasks.evidence.monitoring.prediction_log import find_prediction_log
    from tasks.evidence.monitoring.retraining import find_retraining
    from tasks.evidence.monitoring.services import find_services
    from tasks.evidence.monitoring.validation import find_request_validation, find_validation

    logging, logging_files, printing_files = find_logging(snapshot)
    return MonitoringFacts(
        services=find_services(snapshot),
        instrumentation=find_instrumentation(snapshot),
        prediction_log=find_prediction_log(snapshot),
        validation=find_validation(snapshot),
        request_validation=find_request_validation(snapshot),
        alerting=find_alerting(snapshot),
        retraining=find_retraining(snapshot),
        logging=logging,
        logging_files=logging_files,
        printing_files=printing_files,
    )
