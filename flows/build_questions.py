"""What the objective leaves open is asked on the terminal; where nobody can answer, it is settled as the contract says."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import click

from tasks.evidence.table.facts import TableProfile
from tasks.rules.building.contract import Ambiguity
from tasks.rules.building.objective import understand
from tasks.rules.building.overrides import Overrides
from tasks.rules.building.request import BuildRequest

OPTIONS_SHOWN = 12


def somebody_answers(quiet: bool) -> bool:
    """Whether a person sits at the terminal."""
    return not quiet and sys.stdin.isatty() and sys.stderr.isatty()


def ask_back(request: BuildRequest, profile: TableProfile) -> tuple[dict[str, str], float]:
    """Answers by field of the contract, and the seconds the person took."""
    said = Overrides(**{name: getattr(request, name) for name in Overrides.model_fields})
    questions = [a for a in understand(request.objective, profile, said).ambiguities if a.field]
    began = time.time()
    columns = [c.name for c in profile.columns]
    return {a.field: _ask(a, columns if a.field == "target" else a.options) for a in _once(questions)}, time.time() - began


def _once(questions: Sequence[Ambiguity]) -> list[Ambiguity]:
    return list({a.field: a for a in reversed(questions)}.values())[::-1]


def _ask(ambiguity: Ambiguity, allowed: Sequence[str]) -> str:
    """The likely options are shown; any allowed answer is taken."""
    likely = list(dict.fromkeys((ambiguity.chosen, *ambiguity.options)))[:OPTIONS_SHOWN]
    known = list(dict.fromkeys((*likely, *allowed)))
    click.echo(f"{ambiguity.why}.", err=True)
    told = f"{ambiguity.question} ({', '.join(likely)}{', …' if len(known) > len(likely) else ''})"
    return str(click.prompt(told, type=click.Choice(known), default=ambiguity.chosen, show_choices=False, err=True))
