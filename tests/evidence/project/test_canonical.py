"""The flat keys of the project section."""

from tasks.evidence.project.canonical import canonical_facts
from tasks.evidence.project.facts import Claim, Entrypoint, ProjectFacts


def test_entrypoints_and_claims_become_plain_mappings():
    entry = Entrypoint(file="train.py", command="python train.py", confidence=0.9, reasons=("fits",))
    claim = Claim(name="accuracy", value=0.9, file="README.md", line=3, source="readme")
    flat = canonical_facts(ProjectFacts(train_entrypoints=(entry,), claimed_metrics=(claim,), tasks=("regression",)))
    assert flat["train_entrypoints"] == [{"file": "train.py", "command": "python train.py", "confidence": 0.9, "reasons": ["fits"]}]
    assert flat["claimed_metrics"] == [{"name": "accuracy", "value": 0.9, "file": "README.md", "line": 3}]
    assert (flat["tasks"], flat["kind"], flat["serve_entrypoints"]) == (["regression"], "non_ml", [])
