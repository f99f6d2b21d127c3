"""Installing a resolved list, step by step, each step in a build container of its own: Debian packages, wheels, sources."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tasks.adapters.environment.base import Base
from tasks.adapters.environment.container import CACHE, SCRATCH, Builder, CommandFailed, open_builder
from tasks.adapters.environment.index import IndexSettings
from tasks.adapters.environment.resolve import Resolved
from tasks.adapters.environment.upload import harness_files, tar_of
from tasks.rules.environment.resolver_words import Complaint
from tasks.rules.execution.plan import EnvironmentPlan

if TYPE_CHECKING:
    from docker import DockerClient

REPOSITORY = "axiom-environment"
SYSTEM_LABEL = "axiom.system"
INSTALL_SECONDS = 900
SYSTEM_SECONDS = 300
ENV = "/opt/env"
UV = f"{SCRATCH}/uv"
COMPILE = ("python3", "-I", "-S", "-m", "compileall", "-qq", "-j", "2", "-x", r"/tests?/", f"{ENV}/lib")
"""The sandbox cannot write bytecode, so it is made once here. Exit code 1: files of another Python, which nobody loads."""
DEBIAN_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]{1,80}")
FREEZE_LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,120})==([A-Za-z0-9.+!_-]{1,80})")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Recipe:
    """From what, under which key."""

    base: Base
    key: str


@dataclass(frozen=True)
class Contents:
    """What an environment holds after all."""

    packages: tuple[str, ...]
    """`name==version`, sorted."""
    notes: tuple[str, ...] = ()


def install(
    client: DockerClient,
    plan: EnvironmentPlan,
    recipe: Recipe,
    resolved: Resolved,
    index: IndexSettings,
    say: Say,
    labels: Callable[[Contents], dict[str, str]],
) -> tuple[str, Contents]:
    """The image and what it holds; CommandFailed when a step does not succeed."""
    start = _with_system_packages(client, plan, recipe, index, say)
    path = f"PATH={ENV}/bin:{_path_of(client, start)}"
    wheels_only = not resolved.sources
    say(f"installing {len(resolved.pinned)} packages")
    with open_builder(client, start, recipe.key, INSTALL_SECONDS, say, cached=True) as builder:
        _install_wheels(builder, plan.python, resolved, index)
        if wheels_only:
            contents = Contents(resolved.pinned)
            return builder.commit(REPOSITORY, recipe.key[:16], labels(contents), [path]), contents
        middle = builder.commit(REPOSITORY, f"{recipe.key[:16]}-wheels", {"axiom.part": recipe.key}, [path])
    try:
        say(f"building {', '.join(resolved.sources)} from source")
        with open_builder(client, middle, recipe.key, INSTALL_SECONDS, say) as builder:
            contents = _build_sources(builder, resolved, index)
            return builder.commit(REPOSITORY, recipe.key[:16], labels(contents), [path]), contents
    finally:
        client.images.remove(f"{REPOSITORY}:{recipe.key[:16]}-wheels")


def _install_wheels(builder: Builder, python: str, resolved: Resolved, index: IndexSettings) -> None:
    """Unpack the wheels; nothing of them is run: bytecode is compiled by the base's Python, which does not load them."""
    _upload_tools(builder, resolved, index)
    env = _variables(index.variables, index) | {"UV_CACHE_DIR": f"{CACHE}/uv"}
    builder.run([UV, "venv", ENV, "--python", python, "--allow-existing", "--no-project", "--no-config", "--quiet"], env)
    if resolved.pinned:
        links = ["--find-links", f"{SCRATCH}/wheels"] if resolved.links else []
        backend = ["--torch-backend", resolved.torch_backend] if resolved.torch_backend else []
        builder.run(_pip("install", "--no-deps", "--only-binary", ":all:", "-r", f"{SCRATCH}/wanted.txt", *links, *backend), env)
    builder.run(COMPILE, allowed=(0, 1))


def _build_sources(builder: Builder, resolved: Resolved, index: IndexSettings) -> Contents:
    """Build what has no wheel, with what is installed held fast, and read back what the environment holds then."""
    _upload_tools(builder, resolved, index)
    env = _variables(index.without_credentials(), index) | {"UV_NO_CACHE": "1"}
    limit = ["--exclude-newer", resolved.as_of.isoformat()] if resolved.as_of else []
    notes = []
    try:
        builder.run(_pip("install", "-r", f"{SCRATCH}/sources.txt", "-c", f"{SCRATCH}/wanted.txt", *limit), env)
    except CommandFailed as failed:
        # An old pin is often not to be built any more, where the newest version is.
        names = [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in resolved.sources]
        if failed.complaint.kind in ("disk", "memory", "timeout", "network") or list(resolved.sources) == names:
            raise
        builder.run(_pip("install", *names, "-c", f"{SCRATCH}/wanted.txt", *limit), env)
        notes.append(f"{', '.join(resolved.sources)} cannot be built as pinned; another version was")
    builder.run(COMPILE, allowed=(0, 1))
    said = builder.run(_pip("freeze", "--quiet"), env)
    pins = {f"{canonicalize_name(name)}=={version}" for name, version in FREEZE_LINE.findall(said)}
    return Contents(tuple(sorted(pins)) or resolved.pinned, tuple(notes))


def _pip(verb: str, *arguments: str) -> list[str]:
    common = ["--python", f"{ENV}/bin/python", "--no-config", "--no-progress", "--color", "never"]
    return [UV, "pip", verb, *common, *(["--link-mode", "copy"] if verb == "install" else []), *arguments]


def _variables(variables: dict[str, str], index: IndexSettings) -> dict[str, str]:
    ours = {"HOME": f"{SCRATCH}/home", "TMPDIR": f"{SCRATCH}/tmp", "UV_PYTHON_DOWNLOADS": "never", "UV_HTTP_TIMEOUT": "60"}
    if index.certificates:
        ours["SSL_CERT_FILE"] = f"{SCRATCH}/certificates.pem"
    return dict(variables) | ours


def _upload_tools(builder: Builder, resolved: Resolved, index: IndexSettings) -> None:
    from uv import find_uv_bin

    texts = {
        "build/wanted.txt": "".join(f"{pin}\n" for pin in resolved.pinned).encode(),
        "build/sources.txt": "".join(f"{line}\n" for line in resolved.sources).encode(),
    }
    texts |= {f"opt/axiom/{name}": content for name, content in harness_files().items()}
    if index.certificates:
        texts["build/certificates.pem"] = index.certificates.read_bytes()
    files = {"build/uv": Path(find_uv_bin())} | {f"build/wheels/{Path(link).name}": Path(link) for link in resolved.links}
    builder.upload(tar_of(["opt/env", "build/home", "build/tmp", "cache/uv"], ["opt/axiom"], texts, files, ["build/uv"]))


def _with_system_packages(client: DockerClient, plan: EnvironmentPlan, recipe: Recipe, index: IndexSettings, say: Say) -> str:
    """The base with Debian packages installed, kept as an image of its own."""
    names = sorted(set(plan.system_packages))
    if not names:
        return recipe.base.id
    if bad := next((name for name in names if not DEBIAN_NAME.fullmatch(name)), None):
        raise CommandFailed(Complaint("other", (bad[:80],), tail=f"{bad[:80]!a} is no Debian package"))
    key = hashlib.sha256("\n".join([recipe.base.id, *names]).encode()).hexdigest()
    for image in client.images.list(filters={"label": f"{SYSTEM_LABEL}={key}"}):
        return str(image.id)
    say(f"installing Debian packages {' '.join(names)}")
    env = {name: value for name, value in index.variables.items() if name.lower().endswith("_proxy")} | {
        "DEBIAN_FRONTEND": "noninteractive"
    }
    apt = "apt-get -qq -o APT::Sandbox::User=root"
    script = f'{apt} update && {apt} install -y --no-install-recommends "$@" && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin && apt-get clean'
    with open_builder(client, recipe.base.id, key, SYSTEM_SECONDS, say, root=True) as builder:
        builder.run(["/bin/sh", "-c", script, "sh", *names], env, user="0:0")
        return builder.commit(REPOSITORY, f"system-{key[:16]}", {SYSTEM_LABEL: key})


def _path_of(client: DockerClient, image: str) -> str:
    env = (client.images.get(image).attrs.get("Config") or {}).get("Env") or ()
    found = next((entry.partition("=")[2] for entry in env if entry.startswith("PATH=")), "")
    return found or "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
