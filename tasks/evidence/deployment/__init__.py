"""How a model reaches its users: services, infrastructure, API contract, health, rollback.

Only code and configuration count, never prose. What watches a running model is the monitoring package's question.
"""

from __future__ import annotations

from tasks.evidence.deployment.facts import DeploymentFacts
from tasks.evidence.deployment.infrastructure import find_infrastructure
from tasks.evidence.deployment.rollback import find_rollbacks
from tasks.evidence.deployment.services import find_contracts, find_debug_servers, find_health_endpoints, find_model_loads, find_services
from tasks.evidence.snapshot import Snapshot


def collect(snapshot: Snapshot) -> DeploymentFacts:
    """The deployment facts of a repository."""
    services = find_services(snapshot)
    files = {s.file for s in services}
    return DeploymentFacts(
        services=services,
        contracts=find_contracts(snapshot, files),
        health_endpoints=find_health_endpoints(snapshot, files),
        model_loads=find_model_loads(snapshot, files),
        debug_servers=find_debug_servers(snapshot, files),
        infrastructure=find_infrastructure(snapshot),
        rollbacks=find_rollbacks(snapshot),
    )
