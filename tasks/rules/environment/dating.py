"""When an entry was written, as far as its own words make its last commit's day implausible.

A repository copied in one commit, or touched by a clean-up of all files, dates every file of it alike and too late. A
notebook says which Python its kernel had; after the end of that Python nobody started a notebook with it.
"""

from __future__ import annotations

from datetime import date

from tasks.evidence.requirements.facts import RequirementFacts

KERNELS = {
    "3.5": (date(2020, 9, 30), date(2018, 6, 27)),
    "3.6": (date(2021, 12, 23), date(2019, 10, 14)),
    "3.7": (date(2023, 6, 27), date(2020, 10, 5)),
    "3.8": (date(2024, 10, 7), date(2021, 10, 4)),
    "3.9": (date(2025, 10, 31), date(2022, 10, 24)),
}
"""Python to the day its support ended, and the day the second release after it came, when most had moved on (PEP 494 to
PEP 619, https://devguide.python.org/versions)."""


def plausible_date(committed: date | None, facts: RequirementFacts, file: str) -> date | None:
    """The day as of which versions are looked for: that of the last commit, unless the notebook's kernel was dead by then."""
    kernel = next((d.version for d in facts.python if d.place and d.place.file == file and d.source == "kernel"), "")
    ended, moved_on = KERNELS.get(".".join(kernel.split(".")[:2]), (date.max, date.max))
    return moved_on if committed is not None and committed > ended else committed
