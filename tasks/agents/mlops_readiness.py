"""How far the repository is from being run by a team every week."""

from __future__ import annotations

from tasks.agents import asking
from tasks.agents.asking import Choice, render_question, settle
from tasks.agents.wording import listed, summarise, texts_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "mlops"


class WeakestLink(Choice):
    """What would break first when a team takes this over."""

    DEPENDENCIES = "dependencies", "what is installed is not fixed, or not said"
    TESTS = "tests", "a change can break it unnoticed"
    AUTOMATION = "automation", "checks and builds depend on somebody remembering them"
    PACKAGING = "packaging", "it does not run on another machine as it is"
    TRACKING = "tracking", "runs, parameters and models are not recorded"
    DOCUMENTATION = "documentation", "nobody but its author knows how to use it"
    SECRETS = "secrets", "credentials stand in the repository"
    NONE = "none", "nothing is open"


class Opinion(asking.Opinion):
    """What a model may say here."""

    weakest_link: WeakestLink
    first_step: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    ci_systems: tuple[str, ...]
    trackers: tuple[str, ...]
    locked: bool
    """A lock file is there."""


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("mlops_readiness", evidence, Opinion)


def overrule(evidence: SectionEvidence, opinion: Opinion | None) -> Assessment:
    """Facts and levels by rule; the opinion adds words."""
    return Assessment(
        **settle(evidence, opinion, summarise(evidence, "MLOps", _setting(evidence))),
        ci_systems=texts_at(evidence.facts, "ci", "system"),
        trackers=texts_at(evidence.facts, "trackers", "name"),
        locked=bool(texts_at(evidence.facts, "locks", "file")),
    )


def _setting(evidence: SectionEvidence) -> str:
    ci, trackers = texts_at(evidence.facts, "ci", "system"), texts_at(evidence.facts, "trackers", "name")
    there = [f"checks on {listed(c.replace('_', ' ') for c in ci)}"] if ci else []
    there += [f"runs logged with {listed(trackers)}"] if trackers else []
    there += ["a lock file"] if texts_at(evidence.facts, "locks", "file") else []
    return f"In place: {listed(there)}." if there else ""
