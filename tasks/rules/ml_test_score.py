"""The ML Test Score: 28 questions, each answered with evidence or with "not observable".

Breck, Cai, Nielsen, Salib, Sculley, "The ML Test Score: A Rubric for ML Production Readiness and Technical Debt Reduction",
IEEE Big Data 2017. A test done by hand with its result written down counts 0.5, one that runs by itself 1; each section is
the sum of its seven, and the score is the smallest of the four sums. A repository shows only part of it: what happens in
meetings, in other systems and in operation is answered `not_observable`, which counts as nothing and is no reproach.
"""

from __future__ import annotations

from tasks.rules.contract import MLTestScore, TestScoreItem
from tasks.rules.evidence import Evidence, NotRead
from tasks.rules.ml_test_answers import Question
from tasks.rules.ml_tests_of_data import QUESTIONS as DATA
from tasks.rules.ml_tests_of_infrastructure import QUESTIONS as INFRASTRUCTURE
from tasks.rules.ml_tests_of_models import QUESTIONS as MODELS
from tasks.rules.ml_tests_of_monitoring import QUESTIONS as MONITORING

POINTS = {"automated": 1.0, "manual": 0.5, "absent": 0.0, "not_observable": 0.0}


def score_ml_tests(evidence: Evidence) -> MLTestScore:
    """All 28 items in the paper's order; facts that could not be read make an item not observable."""
    items = {section: [_item(question, evidence) for question in questions] for section, questions in _SECTIONS.items()}
    sums = {section: sum(POINTS[item.answer] for item in answered) for section, answered in items.items()}
    return MLTestScore(**sums, final=min(sums.values()), items=[item for answered in items.values() for item in answered])


_SECTIONS = {"data": DATA, "model": MODELS, "infrastructure": INFRASTRUCTURE, "monitoring": MONITORING}


def _item(question: Question, evidence: Evidence) -> TestScoreItem:
    try:
        answer = question.ask(evidence)
    except NotRead as missing:
        return TestScoreItem(id=question.id, title=question.title, answer="not_observable", evidence=f"Unknown: {missing}.")
    return TestScoreItem(id=question.id, title=question.title, answer=answer.word, evidence=answer.evidence)
