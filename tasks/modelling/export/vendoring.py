"""What an exported model takes along: the modules that read it, under their own names, and the libraries they need."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Mapping
from pathlib import Path

import tasks.evidence.table
import tasks.modelling.runtime

START = "tasks.modelling.runtime"
TRAVELS = ("tasks.modelling.runtime", "tasks.evidence.table")
PYARROW = "pyarrow"


def vendor_runtime(folder: Path) -> None:
    """Copy the runtime into `folder/runtime`, so that a model predicts without Axiom installed."""
    target = folder / "runtime"
    if target.exists():
        shutil.rmtree(target)
    for module, source in needed_modules().items():
        path = target / Path(*module.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
    for package in ("tasks", "tasks.evidence", "tasks.evidence.table", "tasks.modelling", "tasks.modelling.runtime"):
        told = f'"""Part of what reads the model; copied from Axiom\'s package {package}."""\n'
        (target / Path(*package.split(".")) / "__init__.py").write_text(told, encoding="utf-8")


def needed_modules() -> dict[str, Path]:
    """The runtime's modules and those of ours that they import, with their files."""
    found: dict[str, Path] = {}
    waiting = [f"{START}.{path.stem}" for path in _folder(START).glob("*.py") if path.stem != "__init__"]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        package, name = module.rsplit(".", 1)
        if package not in TRAVELS:
            raise ValueError(f"the runtime imports {module}, which does not travel with a model")
        found[module] = _folder(package) / f"{name}.py"
        waiting += _imports(found[module])
    return dict(sorted(found.items()))


def requirements_text(*versions: Mapping[str, str]) -> str:
    """`requirements.txt` with exact versions."""
    together = {name: version for some in versions for name, version in some.items()}
    return "".join(f"{name}=={version}\n" for name, version in sorted(together.items()))


def _folder(package: str) -> Path:
    module = tasks.modelling.runtime if package == START else tasks.evidence.table
    return Path(module.__path__[0])


def _imports(source: Path) -> list[str]:
    """Modules of ours that a module needs when it runs; not those under TYPE_CHECKING, and not of the inference of a schema."""
    names = []
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tasks."):
            is_package = node.module in TRAVELS
            names += [f"{node.module}.{alias.name}" for alias in node.names] if is_package else [node.module]
    return names
