"""Evidence made by hand for tests of readiness rules: everything read, nothing found, but what a test says."""

from tasks.evidence.dataset.facts import DatasetFacts
from tasks.evidence.deployment.facts import DeploymentFacts
from tasks.evidence.evaluation.facts import EvaluationFacts, Metric
from tasks.evidence.mlops.facts import MlopsFacts
from tasks.evidence.monitoring.facts import MonitoringFacts
from tasks.evidence.place import Place
from tasks.evidence.project.facts import Entrypoint, ProjectFacts
from tasks.evidence.requests.facts import RequestFacts
from tasks.evidence.training.facts import TrainingFacts
from tasks.rules.evidence import Evidence
from tasks.rules.scoring import ask

HERE = Place(file="train.py", line=3)
ELSEWHERE = Place(file="eval.py", line=7)


def entry(file="train.py", command="", confidence=0.9):
    return Entrypoint(file=file, command=command or f"python {file}", confidence=confidence)


def metric(name, file="train.py"):
    return Metric(name=name, places=(Place(file=file, line=9),))


def evidence(project=None, dataset=None, training=None, evaluation=None, mlops=None, monitoring=None, deployment=None):
    """A project that trains one regression with `train.py`, unless told otherwise."""
    trains = {"is_ml": True, "has_training": True, "kind": "training_project", "tasks": ("regression",), "train_entrypoints": (entry(),)}
    return Evidence(
        project_facts=ProjectFacts(**trains | (project or {})),
        dataset_facts=DatasetFacts(**dataset or {}),
        training_facts=TrainingFacts(**{"files_read": 1, "fits": (HERE,)} | (training or {})),
        evaluation_facts=EvaluationFacts(**evaluation or {}),
        mlops_facts=MlopsFacts(**mlops or {}),
        monitoring_facts=MonitoringFacts(**monitoring or {}),
        deployment_facts=DeploymentFacts(**deployment or {}),
        requests_facts=RequestFacts(),
    )


NOT_ML = evidence(project={"is_ml": False, "has_training": False, "kind": "non_ml", "tasks": (), "train_entrypoints": ()})
"""A web application, a data collection, a list of links."""
USES_A_MODEL = evidence(
    project={"has_training": False, "kind": "ml_app_no_training", "tasks": ("llm_application",), "train_entrypoints": ()},
)
"""An application of somebody else's model."""


def outcome(rules, code, facts):
    """What the rule of that code says: the name of the outcome and the outcome."""
    answer = ask(next(r for r in rules if r.code == code), facts)
    return type(answer).__name__, answer


def failed(rules, code, facts):
    """The failure, which must be one."""
    name, answer = outcome(rules, code, facts)
    assert name == "Failed", answer
    return answer
