"""`axiom doctor`: what is installed, and a live test of how well this machine's container engine isolates."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import subprocess
import sys

import click

from tasks.adapters.self_test import SelfTest, run_self_test
from tasks.adapters.store import axiom_home
from tasks.rules.sandbox.isolation import describe_isolation

LIBRARIES = ("axiom-mlops", "prefect", "mlflow", "docker", "uv", "litellm")


def diagnose(as_json: bool) -> bool:
    """Run and print the self-test; whether everything held. Raises `SandboxRefused` when no engine answers."""
    if not as_json:
        for name, version in versions().items():
            click.echo(f"{name:<14} {version}")
        click.echo("")
    result = run_self_test(axiom_home(), lambda step: click.echo(f"… {step}", err=True))
    if as_json:
        sys.stdout.write(result.model_dump_json(indent=1) + "\n")
    else:
        _print(result)
    return not result.failed


def versions() -> dict[str, str]:
    """What an issue report should name."""
    found = {"python": platform.python_version(), "git": _git_version()}
    return found | {name: importlib.metadata.version(name) for name in LIBRARIES}


def _git_version() -> str:
    git = shutil.which("git")
    if git is None:
        return "not found: install git"
    answer = subprocess.run([git, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    return answer.removeprefix("git version").strip()


def _print(result: SelfTest) -> None:
    width = max(len(probe.promise) for probe in result.probes)
    for probe in result.probes:
        mark = click.style("holds", fg="green") if probe.holds else click.style("FAILS", fg="red", bold=True)
        click.echo(f"{mark}  {probe.promise:<{width}} {probe.seen}")
    told = describe_isolation(result.engine, "none")
    held = len(result.probes) - len(result.failed)
    click.echo(f"\nEngine {told['engine']}")
    click.echo(
        f"{held} of {len(result.probes)} probes hold. Isolation level: {told['level'] if held == len(result.probes) else 'weak'}: {told['means']}"
    )
    click.echo(f"Not protected: {told['not_protected']}.")
    if result.failed:
        click.echo("Executions are refused on this engine until `axiom doctor` passes.")
