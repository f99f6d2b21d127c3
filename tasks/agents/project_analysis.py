"""What the project is, and how far someone new would get with it."""

from __future__ import annotations

from tasks.agents import asking
from tasks.agents.asking import Choice, render_question, settle
from tasks.agents.wording import first_words, listed, summarise, text_at, texts_at, truth_at
from tasks.rules.rule import Section
from tasks.rules.section_evidence import SectionEvidence

SECTION: Section = "project"


class Purpose(Choice):
    """What the project is for, as far as the facts show."""

    RESEARCH = "research", "code behind a paper or an experiment; results matter more than running it again"
    COURSE_WORK = "course_work", "made to learn: an assignment, a tutorial, a workbook"
    COMPETITION = "competition", "made to rank on somebody else's data and metric"
    PRODUCT = "product", "serves or is meant to serve predictions to users"
    LIBRARY = "library", "made to be imported by other projects"
    UNCLEAR = "unclear", "the facts do not tell"


class Opinion(asking.Opinion):
    """What a model may say here."""

    purpose: Purpose
    first_step: str


class Assessment(asking.Assessment):
    """What leaves this agent."""

    kind: str | None
    has_training: bool | None
    frameworks: tuple[str, ...]
    train_entrypoints: tuple[str, ...]
    """Commands, most likely first."""


def question(evidence: SectionEvidence) -> str:
    """The prompt with this evidence."""
    return render_question("project_analysis", evidence, Opinion)


def overrule(evidence: SectionEvidence, opinion: Opinion | None) -> Assessment:
    """Facts and levels by rule; the opinion adds words."""
    facts = evidence.facts
    return Assessment(
        **settle(evidence, opinion, summarise(evidence, "The project", _setting(evidence))),
        kind=text_at(facts, "kind"),
        has_training=truth_at(facts, "has_training"),
        frameworks=texts_at(facts, "frameworks"),
        train_entrypoints=texts_at(facts, "train_entrypoints", "command"),
    )


def _setting(evidence: SectionEvidence) -> str:
    facts = evidence.facts
    tools = listed(texts_at(facts, "frameworks"))
    tasks = listed(t.replace("_", " ") for t in texts_at(facts, "tasks"))
    entry = texts_at(facts, "train_entrypoints", "command")
    built = f"It is built on {tools}" if tools else ""
    aimed = f"{' for ' if built else 'It is about '}{tasks}" if tasks else ""
    if truth_at(facts, "has_training") is False:
        return f"{built}{aimed}{'; nothing' if built or aimed else 'Nothing'} is trained by its own code."
    trained = f"training starts with `{first_words(entry[0])}`" if entry else ""
    sentence = "; ".join(s for s in (f"{built}{aimed}", trained) if s)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""
