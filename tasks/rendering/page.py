"""`report.html`: one file that asks nothing of a network, needs no script to be read, and prints.

Text is cleaned by the environment's `finalize` and escaped by autoescape; only what this module reads from its own
folder is markup. The content security policy names the hashes of the one style sheet and the one script, so nothing
else could run even if something slipped through.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tasks.rendering import execution as telling
from tasks.rendering import reading, wording
from tasks.rendering.drift import CHART_END, drift_pairs, psi_marks
from tasks.rendering.links import commit_page, file_page, repository_page, shown_address
from tasks.rendering.plain import printable
from tasks.rules.contract import Report
from tasks.rules.scoring import NEARLY_READY_SCORE, READY_SCORE

FOLDER = Path(__file__).parent


def render_page(report: Report) -> str:
    """The whole report as one HTML document."""

    def source(file: str | None, line: int | None = None) -> str | None:
        return file_page(report.repository, file, line)

    return (
        page_templates()
        .get_template("report.html.jinja")
        .render(
            report=report,
            sections=reading.section_views(report),
            severities=reading.severity_counts(report),
            groups=reading.test_groups(report.ml_test_score) if report.ml_test_score else [],
            drift=drift_pairs(report),
            marks=psi_marks(report),
            chart_end=CHART_END,
            bounds=(NEARLY_READY_SCORE, READY_SCORE),
            undetermined=reading.undetermined_groups(report.undetermined),
            claims=reading.claims(report),
            shown_address=shown_address,
            repository_link=repository_page(report.repository.url),
            commit_link=commit_page(report.repository),
            source=source,
            reading=reading,
            telling=telling,
            wording=wording,
            style=asset("report.css"),
            script=asset("report.js.jinja"),
            policy=_security_policy(),
        )
    )


def prose(text: str) -> Markup:
    """Escaped text whose pairs of backticks are code."""
    parts = printable(text).split("`")
    if len(parts) % 2 == 0:
        return escape(printable(text))
    return Markup("").join(Markup("<code>{}</code>").format(p) if i % 2 else escape(p) for i, p in enumerate(parts))


@cache
def page_templates() -> Environment:
    """Templates of this folder whose every text is cleaned and escaped."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    environment.filters |= {"prose": prose, "capitalize_first": wording.capitalize_first}
    return environment


@cache
def asset(name: str) -> Markup:
    """A file of this folder, as it stands; never anything of a repository."""
    return Markup((FOLDER / name).read_text(encoding="utf-8"))


def digest(text: str) -> str:
    """The source expression by which a content security policy allows this inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _security_policy() -> str:
    style, script = digest(asset("report.css")), digest(asset("report.js.jinja"))
    return f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
