"""`axiom build`: from data files and a sentence to a model."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

EXIT_GATE = 3


def process_began() -> float:
    """Unix time at which this process started: the budget is of the whole command, imports included."""
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        return time.time() - (time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / 100)
    except (OSError, ValueError, IndexError, AttributeError):
        return time.time()


@click.command(short_help="Build an honest model from data files and a sentence.")
@click.argument("data", nargs=-1, required=True)
@click.option("--objective", help='What to predict and what matters, such as "predict churn, recall at least 0.9".')
@click.option("--target", help="Column to predict; default: what the objective says.")
@click.option("--metric", help="What to optimise, such as roc_auc, log_loss, f1, rmse; default: what the objective says.")
@click.option("--time-budget", type=float, default=60.0, show_default=True, help="Seconds for the whole command, from 10 on.")
@click.option(
    "--max-loops", type=click.IntRange(1, 10), default=3, show_default=True, help="How often the critic may send the work through."
)
@click.option("--positive", help="Class the objective is about, of two.")
@click.option(
    "--task", type=click.Choice(["binary", "multiclass", "regression"]), help="Kind of the target; default: what words and data say."
)
@click.option("--group", help="Column of what rows belong to: no group is trained and tested on.")
@click.option("--time", "time_column", help="Column of time: the test lies after the training.")
@click.option("--forbid", multiple=True, metavar="COLUMN", help="Column that must not be used; repeatable.")
@click.option("--approve", is_flag=True, help="Pause before training and before finalizing for a person in the Prefect UI.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Of every random choice; default: 0.")
@click.option(
    "--template", type=click.Path(dir_okay=False, path_type=Path), help="template.json of an earlier build, replayed on these data."
)
@click.option("--max-candidates", type=click.IntRange(1), help="End each search after so many, so that no clock decides the result.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of model and report; default: ./axiom-out/NAME.")
@click.option("--model", envvar="AXIOM_MODEL", help="litellm model string; default: no model, rules only.")
@click.option("--json", "as_json", is_flag=True, help="Print build.json to stdout and nothing else.")
def build(
    data: tuple[str, ...],
    objective: str | None,
    target: str | None,
    metric: str | None,
    time_budget: float,
    max_loops: int,
    positive: str | None,
    task: str | None,
    group: str | None,
    time_column: str | None,
    forbid: tuple[str, ...],
    approve: bool,
    seed: int | None,
    template: Path | None,
    max_candidates: int | None,
    out: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Build a model from the files DATA (CSV, Parquet, JSON, JSONL, Arrow, XLSX; plain or compressed; several are joined).

    What the objective asks becomes a contract, which is printed and tested at the end on rows that nothing has seen.
    Exit code 3: the model is better not shipped; the report says why.
    """
    from flows.embedded_building import run_build

    result = run_build(
        data, out, quiet=as_json, began=process_began(), approve=approve, template=template, model=model,
        objective=objective, target=target, metric=metric, time_budget=time_budget, max_loops=max_loops, seed=seed,
        max_candidates=max_candidates, positive=positive, task=task, group=group, time=time_column, forbid=forbid,
    )  # fmt: skip
    if as_json:
        sys.stdout.write(result.model_dump_json(indent=1) + "\n")
    sys.exit(0 if result.verdict == "ship" else EXIT_GATE)
