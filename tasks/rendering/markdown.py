"""`report.md`: GitHub-flavoured Markdown in which no text of the repository can be markup."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tasks.rendering import execution as telling
from tasks.rendering import reading, wording
from tasks.rendering.drift import drift_pairs, psi_marks
from tasks.rendering.links import commit_page, file_page, repository_page, shown_address
from tasks.rendering.markdown_text import cell_free_code, code, prose, text
from tasks.rules.contract import Finding, Report

CLIP_BYTES = 200_000
"""About what Prefect's interface and a job summary still show well."""
CUT = "\n\n**The report was cut here, at {limit:,} of {size:,} bytes.** The whole of it is in `report.html` and `report.md`.\n"


def linked(label: str, address: str | None) -> str:
    """A link to one of our own addresses, or the label alone; the label is Markdown already."""
    return f"[{label}]({address.replace('(', '%28').replace(')', '%29')})" if address else label


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
TEMPLATES.filters |= {
    "text": text,
    "prose": prose,
    "code": cell_free_code,
    "cell_code": code,
    "capitalize_first": wording.capitalize_first,
}


def render_markdown(report: Report) -> str:
    """The whole report as Markdown, readable as it stands too."""

    def place(finding: Finding) -> str:
        if not finding.file:
            return "the repository as a whole"
        where = f"{finding.file}{f':{finding.line}' if finding.line else ''}"
        return linked(cell_free_code(where), file_page(report.repository, finding.file, finding.line))

    rendered = TEMPLATES.get_template("report.md.jinja").render(
        report=report,
        sections=reading.section_views(report),
        groups=reading.test_groups(report.ml_test_score) if report.ml_test_score else [],
        drift=drift_pairs(report),
        marks=psi_marks(report),
        undetermined=reading.undetermined_groups(report.undetermined),
        claims=reading.claims(report),
        shown_address=shown_address,
        repository_link=repository_page(report.repository.url),
        commit_link=commit_page(report.repository),
        place=place,
        linked=linked,
        reading=reading,
        telling=telling,
        wording=wording,
    )
    return re.sub(r"\n{3,}", "\n\n", rendered).strip() + "\n"


def clip_markdown(markdown: str, limit: int = CLIP_BYTES) -> str:
    """The text, cut after its last whole line within the limit, with a sentence that says so; bytes of UTF-8."""
    data = markdown.encode()
    if len(data) <= limit:
        return markdown
    head = data[:limit].decode(errors="ignore")
    return head[: head.rfind("\n") + 1].rstrip() + CUT.format(limit=limit, size=len(data))
