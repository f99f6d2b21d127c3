"""`docs/execution.md`: how a repository is made to run, generated from the rules that do it."""

from __future__ import annotations

from tasks.rendering.execution import CAUSE_WORDS
from tasks.rendering.wording import capitalize_first, limit_words
from tasks.rules.environment.python_choice import PREFERRED, SUPPORTED
from tasks.rules.repairs.choosing import MAX_REPAIRS, REMEDIES, REPAIRS
from tasks.rules.sandbox.isolation import LEVELS, SENTENCES
from tasks.rules.sandbox.job import Limits


def render_execution_guide() -> str:
    """The page, from the closed sets in the code."""
    repairs = "\n".join(f"{i}. {_first_line(r.__doc__)}" for i, r in enumerate(REPAIRS, 1))
    reasons = "\n".join(f"| `{name}` | {CAUSE_WORDS.get(name, name)} | {remedy} |" for name, remedy in REMEDIES.items())
    causes = "\n".join(f"| `{name}` | {words} |" for name, words in CAUSE_WORDS.items() if name not in REMEDIES)
    levels = "\n".join(f"| `{name}` | {capitalize_first(SENTENCES[name])} |" for name in LEVELS)
    return _PAGE.format(
        repairs=repairs, most=MAX_REPAIRS, reasons=reasons, causes=causes, levels=levels, limits=_limits(), preferred=PREFERRED,
        oldest=SUPPORTED[-1], newest=SUPPORTED[0],
    )  # fmt: skip


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0]


def _limits() -> str:
    limits = Limits()
    rows = (
        ("time", f"{limits.timeout_seconds:,} s", "`--timeout`"),
        ("memory", limit_words(limits.memory_bytes), "`--memory`"),
        ("processors", f"{limits.cpus:g}", "`--cpus`"),
        ("workspace", f"{limit_words(limits.workspace_bytes)}, {limits.workspace_files:,} files", "`--disk`"),
        ("network", limits.network, "`--network`"),
        ("processes", f"{limits.pids:,}", ""),
        ("open files", f"{limits.open_files:,}", ""),
        ("size of a file", limit_words(limits.file_bytes), ""),
        ("log kept", limit_words(limits.log_bytes), ""),
    )
    return "\n".join(f"| {name} | {value} | {option} |" for name, value, option in rows)


_PAGE = """# How a repository is made to run

Generated from the code by `make docs`.

## What is decided before anything runs

1. **The command.** What you name with `--entrypoint`; otherwise the training entry the analysis is most certain of: a
   script, a module, a console script, a notebook, a Makefile target, a stage of DVC, a Kedro, Metaflow, Hydra or
   MLproject entry. Arguments it demands are filled in where their value is obvious.
2. **The Python.** What the repository declares, else what its packages and their dates need, else {preferred}. Images of
   Python {oldest} to {newest} are asked for; one that cannot be had is an answer: `python_version`.
3. **The packages.** Requirement files of any common form, what scripts and notebooks install, and imports that nothing
   declares. What training never imports is left out. Versions that nobody pinned are those of the day the entry last
   changed, moved forward to the first day on which all can be installed.
4. **The bound.** Where a known option sets the number of epochs, endless training gets one; otherwise the time limit
   ends it, and the metrics so far are kept.

The packages become an image layer, found again by a hash of its inputs: a second execution builds nothing.

## Repairs

After a failed attempt a critic reads the exit code and the last lines of the log, and changes the plan in one place. It
tries at most {most} repairs, each a step of its own in the run with the difference of the plans. A language model, if one is
configured, may choose another of those that apply, and nothing else. In the order of choice:

{repairs}

## Why something was not trained

| reason | meaning | what a person should do |
|---|---|---|
{reasons}

A run that began and failed says how it ended:

| cause | meaning |
|---|---|
{causes}

`axiom execute` exits with 0 when training succeeded, 3 when the repository could not be trained, 2 for a mistake in the
input and for an engine that is missing or isolates too little, 1 when the fault is ours. Exit code 0 of the training
command alone is no success: it must leave a metric or a file of its own.

## Limits of a run

| limit | default | option |
|---|---|---|
{limits}

## Isolation

| level | what it means |
|---|---|
{levels}

The level is read from the engine, stored with every execution and shown in its report, beside what it does not protect
from. Below `AXIOM_MIN_ISOLATION` (`container`) an execution is refused; `axiom doctor` tries each promise on your engine.
"""
