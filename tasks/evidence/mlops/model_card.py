"""Model cards: documents that say what a model is for, what it was made of, and where it fails."""

from __future__ import annotations

import re

from tasks.evidence.mlops.facts import ModelCard
from tasks.evidence.place import place_in
from tasks.evidence.snapshot import Snapshot

LIMIT = 20
_BY_NAME = re.compile(
    r"(?i)(?:^|/)(?:[\w.-]*model[-_ ]?cards?[\w.-]*\.(?:md|rst|txt|html|ya?ml|json)|model[-_ ]?cards?/[^/]+\.(?:md|rst|txt|html))$"
)
_FRONT = re.compile(r"(?m)^(?:model-index|pipeline_tag|library_name|base_model)\s*:")
_HEADING = re.compile(r"(?im)^#{1,3}\s*(?:\W{0,5})model card\b")
_NOT_A_CARD = re.compile(r"(?i)template|\.(?:py|ipynb)$|(?:^|/)(?:node_modules|static|assets)/")
COVERS = {
    "intended use": re.compile(r"(?i)intended (?:use|user)|use[- ]cases?|primary use|out[- ]of[- ]scope|direct use"),
    "limitations": re.compile(r"(?i)limitation|caveat|known issues|failure modes?|out[- ]of[- ]scope"),
    "training data": re.compile(r"(?i)training data|train(?:ing)? (?:set|procedure)|trained on|dataset"),
    "evaluation": re.compile(r"(?i)evaluation|metrics?|results|performance|accuracy"),
    "ethics": re.compile(r"(?i)ethic|bias|fairness|risks?|societal|environmental impact"),
}


def find_model_cards(snapshot: Snapshot) -> tuple[ModelCard, ...]:
    """Model cards by name, by the metadata of the Hugging Face hub, or by a heading of a README."""
    found: list[ModelCard] = []
    for path in snapshot.own:
        if len(found) >= LIMIT:
            break
        named = bool(_BY_NAME.search(path)) and not _NOT_A_CARD.search(path)
        if not named and not re.search(r"(?i)(?:^|/)readme[^/]*\.(?:md|rst)$", path):
            continue
        text = (snapshot.text(path) or "")[:200_000]
        if line := _first_line(text, named):
            covers = tuple(name for name, pattern in COVERS.items() if pattern.search(text))
            if covers or not named:
                found.append(ModelCard(place=place_in(snapshot, path, line, "model card"), covers=covers))
    return tuple(found)


def _first_line(text: str, named: bool) -> int | None:
    if named:
        return 1 if text.strip() else None
    front = text[4 : text.find("\n---", 4)] if text.startswith("---\n") and "\n---" in text[4:6000] else ""
    if _FRONT.search(front):
        return 1
    match = _HEADING.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else None
