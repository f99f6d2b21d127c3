"""What allows going back to an earlier model: the registry, rollout strategies, versioned images."""

from __future__ import annotations

import re

from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot

REGISTRY_CALLS = (
    ".set_registered_model_alias",
    ".transition_model_version_stage",
    ".get_model_version_by_alias",
    ".get_latest_versions",
)
_CONFIGURED = re.compile(
    r"(?m)^[^#\n]{0,200}?(?:kubectl rollout|helm rollback|rollback|kind:[ \t]*Rollout|canary(?:TrafficPercent)?:|blueGreen:|traffic-split|"
    r"image:[ \t]*\S+:\$\{\{?|docker (?:tag|push) [^\n]{0,120}\$\{?\{?[ \t]*(?:github\.sha|GITHUB_SHA|CI_COMMIT|Build\.BuildId))"
)


def find_rollbacks(snapshot: Snapshot) -> tuple[Place, ...]:
    """Places in code and configuration, in path order."""
    places = []
    for source in snapshot.sources:
        for call in source.calls_to(*REGISTRY_CALLS):
            places.append(place_in(snapshot, source.path, call.line, "model version by registry"))
        for text, line in source.strings:
            if text.startswith("models:/"):
                places.append(place_in(snapshot, source.path, line, "model version by registry"))
    for path in snapshot.own:
        if path.endswith((".yml", ".yaml", ".sh", ".tf")) and snapshot.size(path) < 200_000:
            text = snapshot.text(path) or ""
            if match := _CONFIGURED.search(text):
                places.append(place_in(snapshot, path, text.count("\n", 0, match.start()) + 1, "versioned rollout"))
    return tuple(places)
