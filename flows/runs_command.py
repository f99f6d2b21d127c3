"""`axiom runs`: what was recorded, and how runs differ."""

from __future__ import annotations

import json
import sys

import click


@click.group()
def runs() -> None:
    """List the recorded runs, or compare some of them."""


@runs.command("compare")
@click.argument("references", nargs=-1, metavar="A B [C D E]")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON to stdout and nothing else.")
def compare_command(references: tuple[str, ...], as_json: bool) -> None:
    """Compare two to five runs metric by metric against the first.

    Runs are named by id, by a beginning of it that only they have, or by name; `axiom runs list` shows them.
    """
    from tasks.rules.registry.comparison import check_number

    check_number(len(references))
    from flows.one_shot import prefect_api
    from tasks.adapters.run_views import read_runs
    from tasks.adapters.store import axiom_home

    with prefect_api(quiet=as_json) as api:
        read_runs(axiom_home(), references)  # a wrong name is told before the server has started
        from flows.comparison import comparison

        api.wait()
        outcome = comparison(list(references))
    if as_json:
        sys.stdout.write(outcome.comparison.model_dump_json(indent=1) + "\n")
        return
    from tasks.rendering.comparison import comparison_lines

    for line in comparison_lines(outcome.comparison):
        click.echo(line)
    if outcome.mlflow_problem:
        click.echo(f"MLflow: not recorded. {outcome.mlflow_problem}", err=True)


@runs.command("list")
@click.option("--experiment", metavar="NAME", help="Only analysis, execution or another; default: all but comparisons.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Newest so many.")
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON to stdout and nothing else.")
def list_command(experiment: str | None, limit: int, as_json: bool) -> None:
    """List the newest runs."""
    from tasks.adapters.run_views import list_runs
    from tasks.adapters.store import axiom_home
    from tasks.rendering.comparison import run_lines

    found = list_runs(axiom_home(), experiment, limit)
    if as_json:
        sys.stdout.write(json.dumps([run.model_dump() for run in found], indent=1) + "\n")
        return
    for line in run_lines(found):
        click.echo(line)
