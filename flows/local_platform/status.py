"""`axiom status`: what of the local platform runs, and what still waits to be recorded."""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import Any

import click

from flows.local_platform.address import Platform, authorization, login_file, running_platform
from flows.local_platform.services import POOL, SANDBOX_POOL
from flows.local_platform.supervisor import answers
from tasks.adapters.record.pending import waiting_records
from tasks.adapters.store import axiom_home

SHOWN = 5


def show_status() -> None:
    """Print one line for each part."""
    platform = running_platform()
    if platform is None:
        click.echo("The platform does not run; `axiom up` starts it.")
    else:
        _show_platform(platform)
    waiting = waiting_records(axiom_home())
    if waiting:
        click.echo(f"Not in MLflow   {len(waiting)} executions, sent by the next command that records: {', '.join(waiting[:SHOWN])}")


def _show_platform(platform: Platform) -> None:
    state = "" if platform.ready else "  (still starting)"
    click.echo(f"Platform        process {platform.pid}{state}")
    click.echo(f"Prefect         {_whether(answers(f'{platform.prefect_api}/health'))}  {platform.prefect_page}  login: {login_file()}")
    click.echo(f"MLflow          {_whether(answers(f'{platform.mlflow}/health'))}  {platform.mlflow_page}")
    for pool in (POOL, SANDBOX_POOL):
        click.echo(f"{pool:15} {_workers(platform, pool)}")


def _whether(answered: bool) -> str:
    return "answers" if answered else "does not answer"


def _workers(platform: Platform, pool: str) -> str:
    try:
        workers = ask(platform, f"/work_pools/{pool}/workers/filter", {})
    except (OSError, ValueError):
        return "unknown"
    online = sum(worker.get("status") == "ONLINE" for worker in workers)
    return f"{online} worker online" if online == 1 else f"{online} workers online"


def ask(platform: Platform, path: str, body: Any) -> Any:
    """A POST to the Prefect API without importing Prefect: with the login and a token against forged requests."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    client = str(uuid.uuid4())
    headers = {"Authorization": authorization(), "Content-Type": "application/json"}
    with opener.open(urllib.request.Request(f"{platform.prefect_api}/csrf-token?client={client}", headers=headers), timeout=10) as answer:
        token = json.load(answer)["token"]
    headers |= {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": client}
    request = urllib.request.Request(f"{platform.prefect_api}{path}", json.dumps(body).encode(), headers)
    with opener.open(request, timeout=10) as answer:
        return json.load(answer)
