"""Two yes-or-no questions: is this repository about models, and does its own code fit one."""

from __future__ import annotations

from tasks.evidence.project.fitting import is_aside
from tasks.evidence.project.kinds import Seen, loads_model_file, uses_models

_WITHOUT_MODELS = frozenset(["data_collection", "awesome_list", "readme_only", "empty", "non_ml"])


def has_training(kind: str, seen: Seen) -> bool:
    """A fit that is certain, outside tests and documentation. A scraper's trains and a data collection's regressions are none."""
    return bool(seen.certain) and kind not in _WITHOUT_MODELS


def is_ml(kind: str, seen: Seen) -> bool:
    """It trains, evaluates or serves a model of its own. Calling somebody else's model by an API is using one, not being about one."""
    if kind in _WITHOUT_MODELS:
        return False
    if seen.certain:
        return True
    own = any(not is_aside(f) for name in seen.frameworks.learning for f in seen.frameworks.files[name])
    if own and uses_models(seen):
        return True
    return any(s.predicts for s in seen.services) and not seen.frameworks.apis and loads_model_file(seen.snapshot)
