"""The eight agents, and how one is consulted.

Each asks one question of facts that code has measured. What it says about numbers and levels is the same with and
without a language model; a model only adds words.
"""

from __future__ import annotations

from types import ModuleType

from tasks.agents import (
    dataset_analysis,
    evaluation_analysis,
    mlops_readiness,
    model_monitoring,
    project_analysis,
    report,
    retraining,
    training_analysis,
)
from tasks.agents.asking import Adviser, Agent, Consultation, closed_choices, consult_agent
from tasks.rules.section_evidence import SectionEvidence


def _agent(module: ModuleType) -> Agent:
    return Agent(
        name=module.__name__.rpartition(".")[2],
        section=module.SECTION,
        opinion=module.Opinion,
        question=module.question,
        overrule=module.overrule,
        claims=getattr(module, "claims", closed_choices),
    )


AGENTS: dict[str, Agent] = {
    agent.name: agent
    for agent in map(
        _agent,
        (
            project_analysis,
            dataset_analysis,
            training_analysis,
            evaluation_analysis,
            mlops_readiness,
            model_monitoring,
            retraining,
            report,
        ),
    )
}


def consult(agent: str, evidence: SectionEvidence, adviser: Adviser | None = None) -> Consultation:
    """What the named agent says of this evidence; with an adviser in a language model's words where the critic lets them pass."""
    return consult_agent(AGENTS[agent], evidence, adviser)
