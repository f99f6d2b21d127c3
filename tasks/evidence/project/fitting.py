"""Where the repository's code fits a model: the ground on which training, its entry and `has_training` stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tasks.evidence.project.fit_calls import fitting
from tasks.evidence.project.fit_lines import fits_in_text, is_foreign, suffix_of
from tasks.evidence.project.framework_names import PYTHON
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, Definition, SourceFile
from tasks.evidence.training.sources import ML_MODULES

CERTAIN = 0.5
"""From this strength on a fit says by itself that the repository trains."""
ASIDE_STRENGTH = 0.3
"""Most that a fit in tests, documentation or a vendored copy counts."""
BACKWARD_ALONE = 0.55
"""Gradients without a step are more often a profile, an attack or a picture than training."""
NAME_ALONE = 0.45
"""Most that `model.fit(x, y)` counts where no learning library is imported and no class of the repository fits and predicts:
curves, layouts and clothes are fitted too."""
FOREIGN_LIMIT_BYTES = 500_000
SCRIPTS_LIMIT = 400
"""Files without a suffix whose first line is looked at."""

_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|testing|spec|docs?|third_party|vendor|external|templates)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest|setup)\.py$"
)
_TEST_NAME = re.compile(r"^(?:test_[^/]*|[^/]*_test)\.py$")
FEWEST_STATEMENTS = 3
_BY_HAND = re.compile(r"(?:^|\.|_)(?:train|fit|gradient_descent|learn|sgd|optimi[sz]e)(?:_|$)", re.IGNORECASE)
_CONFIGURATION = re.compile(r"[\w./-]{1,160}\.(?:jsonnet|json|ya?ml|toml|cfg|gin)\b")
_STEP_SIZE = re.compile(
    r"^(?:\w{1,20}_)?(?:lr|learning_rate|eta|alpha|step_size|num_(?:train_)?iter\w*|n_iter\w*|iterations|epochs|max_iter)$"
)
_PRODUCT = frozenset(["dot", "matmul", "outer", "einsum", "exp"])
_LEARNERS = (ML_MODULES | PYTHON.keys()) - {"joblib", "mlflow"}


@dataclass(frozen=True, slots=True)
class Fit:
    """One place that trains a model."""

    path: str
    line: int
    """Line of the digest (`SourceFile`); use `place_in` for the physical one."""
    how: str
    """`sklearn .fit`, `optimizer step`, `Trainer.train`, `xgboost.train`, `keras fit`, `caret::train`, `Flux.train!`, …"""
    strength: float
    """0 to 1: how surely a model of the repository's own is fitted."""
    scope: str = ""
    """Qualified name of the function or class it stands in, "" at module level."""
    aside: bool = False
    """It stands in tests, documentation, packaging or other people's code."""


def find_fits(snapshot: Snapshot) -> tuple[Fit, ...]:
    """Every place that trains a model, in path order; in tests and documentation with little strength."""
    read = list(_in_python(snapshot))
    if not _has_learners(snapshot):
        read = [replace(f, strength=min(f.strength, NAME_ALONE)) if f.how.endswith(".fit") else f for f in read]
    found = [*read, *_in_other_files(snapshot), *_in_configurations(snapshot)]
    programs = frozenset(s.path for s in snapshot.sources if is_program_called_test(s))
    return tuple(sorted((f if f.path in programs else _weigh(f) for f in found), key=lambda f: (f.path, f.line)))


def _has_learners(snapshot: Snapshot) -> bool:
    """Whether a learning library is imported somewhere, a file could not be read, or a class of the repository fits and predicts."""
    for source in (*snapshot.sources, *shebang_scripts(snapshot)):
        if source.error or source.modules & _LEARNERS:
            return True
        methods = {d.name for d in source.definitions if d.kind == "function" and "." in d.name}
        if any(f"{m.rpartition('.')[0]}.predict" in methods for m in methods if m.endswith((".fit", ".train"))):
            return True
    return False


def is_aside(path: str) -> bool:
    """Tests, documentation, packaging and other people's code."""
    return bool(_ASIDE.search(path))


def is_program_called_test(source: SourceFile) -> bool:
    """A program that is named like a test and tests nothing: `char_cnn_test.py` trains, `test_net.py` evaluates."""
    folder, _, name = source.path.rpartition("/")
    if not _TEST_NAME.match(name) or is_aside(f"{folder}/") or source.imported("pytest", "unittest", "absl.testing", "tensorflow.test"):
        return False
    names = (d.name.rpartition(".")[2] for d in source.definitions)
    tests = any(n.startswith("test_") or n.endswith("TestCase") for n in names)
    return not tests and (source.has_main or source.statements >= FEWEST_STATEMENTS)


def is_aside_source(source: SourceFile) -> bool:
    """`is_aside` of a file that was read: a program with a test's name is none."""
    return is_aside(source.path) and not is_program_called_test(source)


def _weigh(fit: Fit) -> Fit:
    return replace(fit, strength=min(fit.strength, ASIDE_STRENGTH), aside=True) if is_aside(fit.path) else fit


def _in_python(snapshot: Snapshot) -> Iterator[Fit]:
    for source in (*snapshot.sources, *shebang_scripts(snapshot)):
        if source.is_notebook and source.notebook and source.notebook.language != "python":
            yield from _in_foreign_notebook(source)
        elif source.error:
            text = source.notebook.code if source.notebook else snapshot.text(source.path) or ""
            yield from (Fit(source.path, line, how, strength) for line, how, strength in fits_in_text(text, "py"))
        else:
            yield from fits_of(source)
            for line, how, strength in _typed_in_notebook(source):
                yield Fit(source.path, line, how, strength)


def _typed_in_notebook(source: SourceFile) -> Iterator[tuple[int, str, float]]:
    for text, line in source.notebook.shell_lines[:200] if source.notebook else ():
        yield from ((line, how, strength) for _, how, strength in fits_in_text(text.lstrip("!% "), "sh"))


def fits_of(source: SourceFile) -> Iterator[Fit]:
    """The fits in one parsed Python file."""
    stepping = {c.scope for c in source.calls if c.attribute in ("step", "zero_grad", "update", "manual_backward", "minimize")}
    for call in source.calls:
        if hit := fitting(call, source):
            how, strength = hit
            if call.attribute == "backward" and call.scope not in stepping:
                strength = BACKWARD_ALONE
            yield Fit(source.path, call.line, how, strength, call.scope)
    if source.imported("numpy"):
        yield from _by_hand(source)


def _by_hand(source: SourceFile) -> Iterator[Fit]:
    """Functions that learn with array operations alone: named like training, with a step size and matrix products."""
    products: dict[str, list[Call]] = {}
    for call in source.calls:
        if call.attribute in _PRODUCT:
            products.setdefault(call.scope, []).append(call)
    for definition in source.definitions:
        if definition.kind == "function" and _learns_by_hand(definition, source, products):
            yield Fit(source.path, definition.line, "gradient descent by hand", 0.65, definition.name)


def _learns_by_hand(definition: Definition, source: SourceFile, products: dict[str, list[Call]]) -> bool:
    if not _BY_HAND.search(definition.name) or definition.name not in products:
        return False
    return any(_STEP_SIZE.match(p) for p in definition.parameters) or any(
        _STEP_SIZE.match(text) for text, line in source.strings if definition.line <= line <= definition.end_line
    )


def _in_foreign_notebook(source: SourceFile) -> Iterator[Fit]:
    notebook = source.notebook
    language = {"r": "r", "julia": "jl", "lua": "lua", "javascript": "js", "scala": "scala"}.get(notebook.language if notebook else "", "")
    for cell in notebook.code_cells if notebook else ():
        yield from (Fit(source.path, cell.line + line - 1, how, strength) for line, how, strength in fits_in_text(cell.source, language))


def _in_other_files(snapshot: Snapshot) -> Iterator[Fit]:
    for path in snapshot.own:
        if not is_foreign(path) or snapshot.size(path) > FOREIGN_LIMIT_BYTES:
            continue
        text = snapshot.text(path) or ""
        snapshot.forget(path)
        yield from (Fit(path, line, how, strength) for line, how, strength in fits_in_text(text, suffix_of(path)))


def _in_configurations(snapshot: Snapshot) -> Iterator[Fit]:
    """Configurations that a README hands to another project's training command: `allennlp train config.jsonnet`."""
    for path in snapshot.matching(r"(?i)(?:^|/)readme[^/]*$"):
        if snapshot.size(path) > FOREIGN_LIMIT_BYTES:
            continue
        text = snapshot.text(path) or ""
        lines = text.split("\n")
        for number, how, strength in fits_in_text(text, "sh"):
            for name in _CONFIGURATION.findall(lines[number - 1][:400]):
                folder = path.rpartition("/")[0]
                config = next((p for p in (f"{folder}/{name}".lstrip("/"), name) if p in snapshot.entries), None)
                if config:
                    yield Fit(config, 1, how, strength)


def shebang_scripts(snapshot: Snapshot) -> tuple[SourceFile, ...]:
    """Digests of files without a suffix whose first line calls Python."""
    bare = [p for p in snapshot.own if "." not in p.rpartition("/")[2] and 20 < snapshot.size(p) < FOREIGN_LIMIT_BYTES]
    scripts = [p for p in bare[:SCRIPTS_LIMIT] if (head := snapshot.bytes(p, 64)).startswith(b"#!") and b"python" in head.split(b"\n")[0]]
    return tuple(s for s in map(snapshot.source, scripts) if s is not None)
