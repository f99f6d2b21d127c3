"""The `axiom` command: each subcommand runs one flow. Nothing heavy is imported before the input is known to be good."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import click

from flows.build_command import build
from flows.environment import prepare_environment
from flows.export_command import export
from flows.models_command import models
from flows.runs_command import runs
from tasks.errors import AxiomError, UserError

EXIT_USER, EXIT_OURS, EXIT_GATE, EXIT_INTERRUPTED = 2, 1, 3, 130
LEAVING_SECONDS = 10.0
"""From the end of a command to the end of its process, at most."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="axiom-mlops", prog_name="axiom")
def axiom() -> None:
    """Evidence-first MLOps: code measures, rules decide, a language model only words it."""


@axiom.command(short_help="Judge how ready an ML repository is; nothing of it is run.")
@click.argument("source")
@click.option("--ref", help="Branch, tag or commit; default: the repository's default branch.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of the report; default: ./axiom-out/NAME.")
@click.option("--model", envvar="AXIOM_MODEL", help="litellm model string; default: no model, facts and rules only.")
@click.option("--json", "as_json", is_flag=True, help="Print report.json to stdout and nothing else.")
@click.option("--fail-under", type=click.FloatRange(0, 10), help="Exit with 3 when the score is lower.")
@click.option("--fail-on", multiple=True, metavar="RULE_OR_SEVERITY", help="Exit with 3 when such a finding is open; repeatable.")
def analyze(
    source: str, ref: str | None, out: Path | None, model: str | None, as_json: bool, fail_under: float | None, fail_on: tuple[str, ...]
) -> None:
    """Judge how ready the ML repository at SOURCE (an https or ssh address, or a local path) is.

    Nothing of the repository is imported or executed.
    """
    from tasks.rules.gates import missed_gates, read_gates

    gates = read_gates(fail_under, fail_on)
    from flows.embedded import run_analysis

    report = run_analysis(source, ref, model, out, quiet=as_json)
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=1) + "\n")
    if fail_under is not None and report.score is None:
        click.echo("axiom: --fail-under has nothing to hold: the report has no score", err=True)
    missed = missed_gates(gates, report)
    for sentence in missed:
        click.echo(f"axiom: gate missed: {sentence}", err=True)
    sys.exit(EXIT_GATE if missed else 0)


@axiom.command(short_help="Train an ML repository in a container, and check its claims.")
@click.argument("source")
@click.option("--ref", help="Branch, tag or commit; default: the repository's default branch.")
@click.option("--entrypoint", help='Command that trains, such as "python train.py"; default: what the analysis finds.')
@click.option("--timeout", type=click.IntRange(1, 604_800), default=3600, show_default=True, help="Seconds after which training is ended.")
@click.option("--memory", default="4g", show_default=True, help="Memory of the container.")
@click.option("--cpus", type=click.FloatRange(0.05, 256), default=2.0, show_default=True, help="Processors of the container.")
@click.option("--disk", default="4g", show_default=True, help="Workspace of the container, held in memory beside --memory.")
@click.option("--network", type=click.Choice(["none", "bridge"]), default="none", show_default=True, help="bridge lowers the isolation.")
@click.option("--approve", is_flag=True, help="Pause before training and before registration for a person in the Prefect UI.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of the report; default: ./axiom-out/NAME.")
@click.option("--model", envvar="AXIOM_MODEL", help="litellm model string; default: no model, facts and rules only.")
@click.option("--json", "as_json", is_flag=True, help="Print execution.json to stdout and nothing else.")
def execute(
    source: str, ref: str | None, entrypoint: str | None, out: Path | None, model: str | None, as_json: bool, timeout: int, **limits: Any
) -> None:
    """Train the ML repository at SOURCE in a locked-down container, and check the numbers it claims.

    Exit code 3: it could not be trained; the report says why.
    """
    from flows.embedded_execution import run_execution

    execution = run_execution(source, out, quiet=as_json, ref=ref, entrypoint=entrypoint, timeout_seconds=timeout, model=model, **limits)
    if as_json:
        sys.stdout.write(execution.model_dump_json(indent=1) + "\n")
    sys.exit(0 if execution.status == "succeeded" else EXIT_GATE)


@axiom.command(short_help="Start Prefect, MLflow and the workers on this machine.")
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Port of the Prefect server.")
@click.option("--mlflow-port", type=click.IntRange(1, 65535), default=5000, show_default=True, help="Port of MLflow.")
@click.option("--detach", is_flag=True, help="Return when it is up, and leave it running.")
def up(port: int, mlflow_port: int, detach: bool) -> None:
    """Bring up Prefect, MLflow and the workers on this machine, behind a login, and keep them up until Ctrl-C."""
    from flows.local_platform import commands

    (commands.up_in_background if detach else commands.up)(port, mlflow_port)


@axiom.command()
def down() -> None:
    """End what `axiom up` has started."""
    from flows.local_platform.commands import down as end_platform

    end_platform()


@axiom.command(short_help="Show what of the platform runs, and what waits.")
def status() -> None:
    """Show what of the platform runs, where, and what waits to be recorded."""
    from flows.local_platform.status import show_status

    show_status()


@axiom.command(short_help="Test how well this machine's container engine isolates.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON to stdout and nothing else.")
def doctor(as_json: bool) -> None:
    """Test live how well this machine's container engine isolates. Exit code 3: a limit does not hold."""
    from flows.doctor import diagnose

    sys.exit(0 if diagnose(as_json) else EXIT_GATE)


axiom.add_command(build)
axiom.add_command(export)
axiom.add_command(models)
axiom.add_command(runs)


def _end(number: int, frame: object) -> None:
    """A polite signal ends the command as Ctrl-C does: what runs in a container is removed on the way out."""
    raise KeyboardInterrupt


def main() -> None:
    """Run the command; errors become one line and an exit code, never a traceback."""
    for polite in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(polite, _end)
    try:
        prepare_environment()
        axiom.main(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("axiom: interrupted; run the same command again to go on from what is cached.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(EXIT_USER)
    except click.ClickException as error:
        click.echo(f"axiom: {error.format_message()} Try `axiom --help`.", err=True)
        sys.exit(EXIT_USER)
    except UserError as error:
        click.echo(f"axiom: {error}", err=True)
        sys.exit(EXIT_USER)
    except AxiomError as error:
        click.echo(f"axiom: {error}", err=True)
        sys.exit(EXIT_OURS)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        click.echo(f"axiom: {error.strerror or error}{where}. Check permissions and free space, then run the command again.", err=True)
        sys.exit(EXIT_USER if isinstance(error, PermissionError) else EXIT_OURS)
    except Exception as error:  # the last boundary: a bug of ours becomes one line and a file with the traceback
        from flows.embedded import keep_traceback

        click.echo(
            f"axiom: internal error: {type(error).__name__}. The traceback is in {keep_traceback(error)}; please report it.", err=True
        )
        sys.exit(EXIT_OURS)


def command() -> None:
    """The process `axiom`: `main`, and an end in bounded time.

    When a process ends, Prefect's threads send what they still hold, seconds for each piece to a server that is away.
    """
    code: Any = EXIT_OURS
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
        raise
    finally:
        sys.stdout.flush()
        threading.Thread(target=_leave, args=(code if isinstance(code, int) else EXIT_OURS,), daemon=True).start()


def _leave(code: int) -> None:
    time.sleep(LEAVING_SECONDS)
    os._exit(code)


if __name__ == "__main__":
    command()
