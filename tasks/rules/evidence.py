"""All facts of one repository in one hand: what a readiness rule may ask."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from tasks.evidence.dataset.facts import DatasetFacts
from tasks.evidence.deployment.facts import DeploymentFacts
from tasks.evidence.evaluation.facts import EvaluationFacts
from tasks.evidence.launch.facts import LaunchFacts
from tasks.evidence.mlops.facts import MlopsFacts
from tasks.evidence.monitoring.facts import MonitoringFacts
from tasks.evidence.project.facts import ProjectFacts
from tasks.evidence.requests.facts import RequestFacts
from tasks.evidence.requirements.facts import RequirementFacts
from tasks.evidence.training.facts import TrainingFacts
from tasks.rules.execution.contract import Execution

Facts = TypeVar("Facts", bound=BaseModel)


class NotRead(LookupError):
    """A rule asked for facts that could not be read; its outcome is undetermined."""


class Evidence(BaseModel):
    """The facts of every section that was read. Asking for one that was not raises `NotRead`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project_facts: ProjectFacts | None = None
    dataset_facts: DatasetFacts | None = None
    training_facts: TrainingFacts | None = None
    evaluation_facts: EvaluationFacts | None = None
    mlops_facts: MlopsFacts | None = None
    monitoring_facts: MonitoringFacts | None = None
    deployment_facts: DeploymentFacts | None = None
    requests_facts: RequestFacts | None = None
    requirements_facts: RequirementFacts | None = None
    launch_facts: LaunchFacts | None = None
    execution: Execution | None = None
    """What came of running it; None in an analysis."""

    @property
    def project(self) -> ProjectFacts:
        return _read(self.project_facts, "project")

    @property
    def dataset(self) -> DatasetFacts:
        return _read(self.dataset_facts, "dataset")

    @property
    def training(self) -> TrainingFacts:
        return _read(self.training_facts, "training")

    @property
    def evaluation(self) -> EvaluationFacts:
        return _read(self.evaluation_facts, "evaluation")

    @property
    def mlops(self) -> MlopsFacts:
        return _read(self.mlops_facts, "mlops")

    @property
    def monitoring(self) -> MonitoringFacts:
        return _read(self.monitoring_facts, "monitoring")

    @property
    def deployment(self) -> DeploymentFacts:
        return _read(self.deployment_facts, "deployment")

    @property
    def requests(self) -> RequestFacts:
        return _read(self.requests_facts, "requests")

    @property
    def requirements(self) -> RequirementFacts:
        return _read(self.requirements_facts, "requirements")

    @property
    def launch(self) -> LaunchFacts:
        return _read(self.launch_facts, "launch")


def _read(facts: Facts | None, section: str) -> Facts:
    if facts is None:
        raise NotRead(f"the {section} facts could not be read")
    return facts
