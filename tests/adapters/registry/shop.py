"""A governed model in a real SQLite store, quick to make."""

from __future__ import annotations

from tasks.adapters.registry import models as registry
from tasks.adapters.registry.registration import register_model
from tasks.adapters.tracking import connect, record_run
from tasks.rules.registry.facts import ModelFacts, ModelMetric


class Shop:
    """What the tests do again and again."""

    def __init__(self, home, folder):
        self.home, self.folder = home, folder
        folder.mkdir()
        self.run_id = record_run(home, "axiom/execution", "k", "run", {"final/accuracy": 0.9}, {}, ()).run_id
        self.client = connect(home)

    def register(self, key="k1", name="churn", accuracy=0.9, content=None, predictions="", **more):
        (self.folder / "model.pkl").write_bytes(content or f"cos\nsystem\n(S'touch {self.folder}/pwned'\ntR.{key}".encode())
        paths = ["model.pkl"]
        if predictions:
            (self.folder / "predictions.csv").write_text(predictions)
            paths.append("predictions.csv")
        facts = ModelFacts(
            repository="https://example.org/o/n", commit="c1", predictions="predictions.csv" if predictions else "",
            metrics=(ModelMetric(name="test_accuracy", value=accuracy, direction="higher"),), **more,
        )  # fmt: skip
        return register_model(self.home, name, self.run_id, key, self.folder, paths, facts, "flow", "policy")

    def move(self, version, *states, name="churn", **more):
        for state in states:
            registry.transition(self.home, name, version, state, "ann", "because", **more)

    def look(self, name="churn"):
        return registry.read_model(self.home, name)

    def versions(self, name="churn"):
        return {str(v.version): v for v in self.client.search_model_versions(f"name = '{name}'")}

    def shown(self, name="churn"):
        """What somebody sees in MLflow: version: status, and the alias."""
        alias = self.client.get_registered_model(name).aliases.get("production")
        return {v: m.tags.get("status") for v, m in sorted(self.versions(name).items())}, str(alias) if alias else None
