"""Human words for the report's closed vocabularies, and numbers as a reader likes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tasks.rules.rule import EFFORT_HOURS, Effort

SECTION_QUESTIONS = {
    "project": "What is this, and can a newcomer run it?",
    "dataset": "Can the data be trusted?",
    "training": "Can training be repeated, and does it leak?",
    "evaluation": "Does the evaluation say something about new data?",
    "mlops": "Would anyone notice a break before users do?",
    "monitoring": "Would anyone notice if the model got worse?",
    "retraining": "Is a new model due?",
    "deployment": "How does the model reach its users, and is there a way back?",
}
KIND_WORDS = {
    "training_project": "a project that trains a model",
    "pipeline_project": "a pipeline of several stages",
    "notebook_project": "a project of notebooks",
    "course_monorepo": "course material with several projects",
    "example_monorepo": "a collection of examples",
    "ml_library_demo": "a machine learning library with demos",
    "template": "a project template",
    "ml_app_trains_on_request": "an application that trains on request",
    "ml_app_no_training": "an application that uses models trained elsewhere",
    "non_ml": "software without machine learning",
    "data_collection": "a collection of data",
    "awesome_list": "a list of links",
    "readme_only": "a README without code",
    "empty": "an empty repository",
}
LEVEL_WORDS = {
    "ready": "Ready",
    "nearly_ready": "Nearly ready",
    "not_ready": "Not ready",
    "partial": "No verdict",
    "not_applicable": "Nothing to train",
}
ANSWER_WORDS = {
    "automated": "automated",
    "manual": "by hand",
    "absent": "absent",
    "not_observable": "not to be seen in a repository",
}
TEST_GROUPS = {"D": ("data", "Data"), "M": ("model", "Model"), "I": ("infrastructure", "Infrastructure"), "N": ("monitoring", "Monitoring")}
"""First letter of an item's id: the field of `MLTestScore` it counts for, and its heading."""


def in_words(value: Any) -> str:
    """A vocabulary's word for a reader: `full_retrain` is "full retrain"."""
    return str(value).replace("_", " ")


def kind_words(kind: Any) -> str:
    """What the repository is; the bare word for a kind this table does not know yet."""
    return KIND_WORDS.get(kind, in_words(kind)) if isinstance(kind, str) else "not determined"


def capitalize_first(text: str) -> str:
    """A sentence's first letter raised, the rest as it is."""
    return text[:1].upper() + text[1:]


def of_ten(score: float | None) -> str:
    """`6.4`, or a dash where nothing could be judged."""
    return "–" if score is None else f"{score:.1f}"


def effort_words(effort: Effort) -> str:
    """The effort with its working hours: `medium, ≈ 4 h`."""
    hours = EFFORT_HOURS[effort]
    return f"{effort}, ≈ {hours:g} h" if hours < 16 else f"{effort}, ≈ {hours / 8:g} days"


def gain_words(gain: float) -> str:
    """Points of the overall score that come back; a dash where there is nothing to gain."""
    return f"+{gain:.2f}" if gain >= 0.005 else "–"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `1,204 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def byte_words(size: int) -> str:
    """Bytes in the unit a reader would choose, powers of ten."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return count(size, "byte")


def limit_words(size: int) -> str:
    """A limit as people ask for it, powers of two.

    >>> limit_words(4 * 2**30)
    '4 GiB'
    """
    return f"{size / 2**30:.4g} GiB" if size >= 2**30 else f"{size / 2**20:.4g} MiB"


def listed(values: Sequence[Any], limit: int = 8) -> str:
    """The first values in a row, and how many more there are."""
    shown = ", ".join(str(v) for v in values[:limit])
    return f"{shown} and {len(values) - limit:,} more" if len(values) > limit else shown
