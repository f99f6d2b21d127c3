"""`axiom models`: look at governed models, and move their versions. A move is the flow `promotion`; looking runs none."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tasks.adapters.registry.models import GovernedModel

EXIT_GATE = 3
REASON_SHOWN = 80
"""Characters of a decision's reason in the table; `--json` and the ledger have all of it."""
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON to stdout and nothing else.")
reason_option = click.option("--reason", default="", help="Why; kept with the decision.")
by_option = click.option("--by", "actor", envvar="AXIOM_ACTOR", default="", help="Who decides; default: your user name.")
metric_option = click.option("--metric", help="Metric that decides; default: the first both have of held-out data.")


@click.group(short_help="Look at governed models, and move their versions.")
def models() -> None:
    """Governed models: list, show, compare, promote, reject, archive, roll back."""


@models.command("list", short_help="Every model, and what is in production.")
@as_json_option
def list_all(as_json: bool) -> None:
    """Every model, what is in production, and whether MLflow shows it truly."""
    from tasks.adapters.registry.models import list_models
    from tasks.adapters.store import axiom_home
    from tasks.rendering.models import model_row

    rows = [model_row(m.name, m.ledger, m.drift) for m in list_models(axiom_home())]
    if as_json:
        _print_json(rows)
    elif not rows:
        click.echo("No model is registered yet: `axiom execute` registers what reaches the policy's thresholds.")
    else:
        _print_table(rows)


@models.command(short_help="Versions and decisions of a model.")
@click.argument("name")
@as_json_option
def show(name: str, as_json: bool) -> None:
    """Versions and decisions of the model NAME, and what was changed by hand in MLflow."""
    from tasks.adapters.registry.models import read_model
    from tasks.adapters.store import axiom_home
    from tasks.rendering.models import version_rows
    from tasks.rules.registry.decisions import decision_rows

    found = read_model(axiom_home(), name)
    if as_json:
        _print_json(_model_json(found))
        return
    click.echo(f"{name}: {f'version {found.ledger.production}' if found.ledger.production else 'nothing'} in production")
    _print_table([{k: v for k, v in row.items() if k != "reason"} for row in version_rows(found.ledger)])
    click.echo("\nDecisions")
    _print_table([
        {k: textwrap.shorten(v, REASON_SHOWN, placeholder=" …") if k == "reason" else v for k, v in row.items() if k not in ("evidence", "thresholds")}
        for row in decision_rows(found.ledger)
    ])  # fmt: skip
    _tell_drift(found)
    if found.url:
        click.echo(f"MLflow: {found.url}")


@models.command(short_help="Compare two versions: promote_b, reject_b or investigate.")
@click.argument("name")
@click.argument("a")
@click.argument("b")
@metric_option
@as_json_option
def compare(name: str, a: str, b: str, metric: str | None, as_json: bool) -> None:
    """Challenger B against champion A, two versions of the model NAME: promote_b, reject_b or investigate."""
    from tasks.adapters.registry.comparison import compare_versions
    from tasks.adapters.store import axiom_home
    from tasks.rendering.models import gate_rows, metric_rows
    from tasks.rendering.plain import plain

    found = compare_versions(axiom_home(), name, a, b, metric)
    rows = metric_rows(found.facts_a, found.facts_b, f"A: {found.a}", f"B: {found.b}")
    if as_json:
        _print_json({"model": name, "a": found.a, "b": found.b, "metrics": rows, **found.gate.model_dump(mode="json")})
        return
    _print_table(rows)
    click.echo("")
    _print_table(gate_rows(found.gate))
    click.echo(f"\n{found.gate.verdict}: {plain('; '.join(found.gate.reasons))}")


@models.command(short_help="One step up, if the gate agrees: to approved, to production.")
@click.argument("name")
@click.argument("version")
@click.option("--to", type=click.Choice(["approved", "production"]), help="Default: the next step from where it is.")
@metric_option
@click.option("--force", is_flag=True, help="Overrule the gate; needs --reason. The lifecycle is never overruled.")
@click.option("--approve", is_flag=True, help="Pause for a person in the Prefect UI.")
@reason_option
@by_option
@as_json_option
def promote(name: str, version: str, to: str | None, force: bool, reason: str, as_json: bool, **options: Any) -> None:
    """One step up for VERSION of NAME: candidate to approved, approved to production, if the gate agrees.

    Exit code 3: the gate refuses, with its reasons.
    """
    if force and not reason.strip():
        raise click.UsageError("--force needs --reason; it is kept in the ledger.")
    _move(name, version, to or "next", as_json, reason=reason, force=force, **options)


@models.command()
@click.argument("name")
@click.argument("version")
@reason_option
@by_option
@as_json_option
def reject(name: str, version: str, as_json: bool, **options: Any) -> None:
    """Reject a candidate or approved version, for good."""
    _move(name, version, "rejected", as_json, **options)


@models.command()
@click.argument("name")
@click.argument("version")
@reason_option
@by_option
@as_json_option
def archive(name: str, version: str, as_json: bool, **options: Any) -> None:
    """Take the version in production out of it; only a rollback brings it back."""
    _move(name, version, "archived", as_json, **options)


@models.command(short_help="Bring back the version that was in production before.")
@click.argument("name")
@reason_option
@by_option
@as_json_option
def rollback(name: str, as_json: bool, **options: Any) -> None:
    """Bring back the version of NAME that was in production directly before."""
    _move(name, "", "rollback", as_json, **options)


@models.command(short_help="Make MLflow show what the ledger says.")
@click.argument("name")
@by_option
@as_json_option
def reconcile(name: str, actor: str, as_json: bool) -> None:
    """Make MLflow show what the ledger of NAME says, undoing what was changed by hand."""
    from tasks.adapters.registry.models import reconcile as restore
    from tasks.adapters.store import axiom_home

    found = restore(axiom_home(), name, actor or _user())
    if as_json:
        _print_json({"model": name, "found": found})
    else:
        click.echo("\n".join(found) if found else "MLflow shows what the ledger says.")


def _move(name: str, version: str, to: Any, as_json: bool, actor: str, **options: Any) -> None:
    """Refuse at once what cannot be, run the flow for what can."""
    from tasks.adapters.registry.models import read_model
    from tasks.adapters.store import axiom_home
    from tasks.rules.registry.choice import choose_version

    choose_version(name, read_model(axiom_home(), name).ledger, version, to)
    from flows.one_shot import run_flow

    outcome = run_flow("flows.promotion.promotion", quiet=as_json, model=name, version=version, to=to, actor=actor or _user(), **options)
    if as_json:
        _print_json(outcome.model_dump(mode="json"))
    elif outcome.moved:
        forced = ", the gate overruled" if outcome.forced else ""
        click.echo(f"Version {outcome.version} of {name}: {outcome.before} > {outcome.state}{forced} (decision {outcome.decision}).")
    else:
        click.echo(f"axiom: the gate refuses version {outcome.version} of {name}: {outcome.verdict}: {_plain(outcome.reasons)}.", err=True)
    sys.exit(0 if outcome.moved else EXIT_GATE)


def _plain(reasons: Sequence[str]) -> str:
    from tasks.rendering.plain import plain

    return plain("; ".join(reasons))


def _model_json(found: GovernedModel) -> dict[str, Any]:
    ledger = found.ledger
    return {
        "model": found.name, "production": ledger.production, "previous_production": ledger.previous_production,
        "versions": ledger.states, "deleted": sorted(ledger.lost), "decisions": [e.model_dump(mode="json") for e in ledger.entries],
        "changed_by_hand": found.drift, "url": found.url,
    }  # fmt: skip


def _tell_drift(found: GovernedModel) -> None:
    if found.drift:
        click.echo("\nMLflow shows otherwise than the ledger: changed by hand, or left by a crash")
        for sentence in found.drift:
            click.echo(f"- {_plain([sentence])}")
        click.echo(f"`axiom models reconcile {found.name}` restores it.")


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    from tasks.rendering.models import table_lines

    click.echo("\n".join(table_lines(rows)))


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=1) + "\n")


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command line"
