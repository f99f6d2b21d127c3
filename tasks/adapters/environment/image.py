"""Building the image that a plan runs in: resolve on this machine, install in a build container, keep the result under its key.

Wheels are unpacked, never run, in the first container, which shares a cache of wheels. Packages that exist as source only
are built in a second one, which has the same limits and no cache. What went in decides the key, so the same plan builds
nothing the second time.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.adapters.container.engine import connect, require_status
from tasks.adapters.environment.base import BaseMissing, find_base
from tasks.adapters.environment.container import CommandFailed
from tasks.adapters.environment.index import IndexSettings, read_index_settings
from tasks.adapters.environment.install import Contents, Recipe, install
from tasks.adapters.environment.resolve import Resolution, Resolved
from tasks.adapters.environment.trim import KEY_LABEL, mark_used, trim_with
from tasks.adapters.environment.upload import harness_hash
from tasks.adapters.environment.uv import Resolver
from tasks.adapters.store import locked
from tasks.rules.environment.build_failures import explain
from tasks.rules.environment.cpu_builds import prefer_cpu
from tasks.rules.environment.resolver_words import Complaint, read_complaint
from tasks.rules.environment.wanted_packages import LineRefused, Wanted, read_wanted
from tasks.rules.execution.plan import BuildFailure, BuiltEnvironment, EnvironmentPlan

if TYPE_CHECKING:
    from docker import DockerClient

RECIPE = "2"
"""Raised when the same plan must give another image than before."""
RESULT_LABEL = "axiom.environment"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Build:
    """One build under way."""

    plan: EnvironmentPlan
    home: Path
    index: IndexSettings
    say: Say


def build_environment(plan: EnvironmentPlan, home: Path, on_line: Say | None = None) -> BuiltEnvironment | BuildFailure:
    """The image of a plan, made or found; a failure says which packages are to blame.

    SandboxRefused without an engine that isolates. `on_line` is told of each step and of what the tools say.
    """
    started = time.monotonic()
    build = Build(plan, home, read_index_settings(), on_line or (lambda line: None))
    try:
        wanted = read_wanted(plan.requirements, plan.kernel)
    except LineRefused as refused:
        return BuildFailure(cause="input", step="resolve", detail=str(refused))
    with connect(timeout=None) as client:
        require_status(client)
        try:
            base = find_base(client, plan.python, build.say)
        except BaseMissing as missing:
            return missing.failure
        key = environment_key(plan, base.id, base.platform)
        found = _find(client, key)
        if found is None:
            with locked(home / "locks" / f"environment-{key[:32]}"):
                found = _find(client, key)
                if found is None:
                    made = _build(client, build, wanted, Recipe(base, key), started)
                    mark_used(home, key)
                    trim_with(client, home)
                    return made
        mark_used(home, key)
        return found.model_copy(update={"cached": True, "seconds": round(time.monotonic() - started, 2)})


def find_environment(plan: EnvironmentPlan) -> BuiltEnvironment | None:
    """The image of a plan if it was made before; builds and pulls nothing."""
    with connect() as client:
        try:
            base = find_base(client, plan.python, lambda _: None, pull=False)
        except BaseMissing:
            return None
        found = _find(client, environment_key(plan, base.id, base.platform))
    return found.model_copy(update={"cached": True, "seconds": 0.0}) if found else None


def environment_key(plan: EnvironmentPlan, base: str, platform: str) -> str:
    """Hash of everything that goes into the image."""
    parts = {
        "recipe": RECIPE,
        "base": base,
        "platform": platform,
        "harness": harness_hash(),
        "python": plan.python,
        "requirements": sorted({f"{r.line()} {'?' if r.source.startswith('import') else ''}" for r in plan.requirements}),
        "as_of": str(plan.as_of),
        "kernel": plan.kernel,
        "cpu_only": plan.cpu_only,
        "system": sorted(set(plan.system_packages)),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _find(client: DockerClient, key: str) -> BuiltEnvironment | None:
    for image in client.images.list(filters={"label": f"{KEY_LABEL}={key}"}):
        try:
            kept = BuiltEnvironment.model_validate_json(image.labels.get(RESULT_LABEL) or "")
        except ValueError:
            continue
        return kept.model_copy(update={"image": str(image.id)})
    return None


def _build(client: DockerClient, build: Build, wanted: list[Wanted], recipe: Recipe, started: float) -> BuiltEnvironment | BuildFailure:
    from docker.errors import DockerException

    resolved = _resolve(build, wanted, recipe)
    if isinstance(resolved, Complaint):
        return explain(resolved, "resolve", build.plan.python, [w.line() for w in wanted])
    built = BuiltEnvironment(
        image="",
        key=recipe.key,
        python=build.plan.python,
        resolved=resolved.pinned,
        as_of=resolved.as_of,
        notes=resolved.notes,
        seconds=round(time.monotonic() - started, 2),
    )
    try:
        image, contents = install(client, build.plan, recipe, resolved, build.index, build.say, lambda found: _labels(built, found))
    except CommandFailed as failed:
        return explain(failed.complaint, "install", build.plan.python, resolved.pinned)
    except (DockerException, OSError) as error:
        complaint = read_complaint(str(error))
        return explain(replace(complaint, kind="disk" if complaint.kind == "disk" else "engine"), "install", build.plan.python, ())
    seconds = round(time.monotonic() - started, 2)
    return _filled(built, contents).model_copy(update={"image": image, "seconds": seconds})


def _resolve(build: Build, wanted: list[Wanted], recipe: Recipe) -> Resolved | Complaint:
    plan = build.plan
    resolver = Resolver(plan.python, recipe.base.uv_platform, build.home / "cache" / "uv", build.index)
    if not plan.cpu_only:
        return Resolution(resolver, wanted, plan.as_of, build.say, excluded=(), cpu_only=False).run()
    kept, notes = prefer_cpu(wanted)
    return Resolution(resolver, kept, plan.as_of, build.say, notes=notes).run()


def _filled(built: BuiltEnvironment, contents: Contents) -> BuiltEnvironment:
    return built.model_copy(update={"resolved": contents.packages, "notes": (*built.notes, *contents.notes)})


def _labels(built: BuiltEnvironment, contents: Contents) -> dict[str, str]:
    kept = _filled(built, contents).model_dump_json()
    return {KEY_LABEL: built.key, "axiom.created": str(int(time.time())), RESULT_LABEL: kept}
