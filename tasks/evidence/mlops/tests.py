"""The repository's tests: which files, of which framework, how many functions, and what of the project they look at."""

from __future__ import annotations

import posixpath
import re
import sys
from collections import Counter
from functools import cached_property

from tasks.evidence.mlops.facts import TestFile, TestSuite
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile

FILES_LIMIT = 5_000
SUBJECTS_LIMIT = 30
_PYTHON = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests)\.py$")
_LOOSE = re.compile(
    r"(?:^|/)(?:test|Test)[A-Za-z0-9]\w*\.py$|(?:^|/)\w+Tests?\.py$|(?:^|/)(?:unit|integration)?tests?/(?:[^/]+/)*[^/]+\.py$"
)
"""Names that only some runners look for: they count when they hold tests."""
_OTHER = (
    (
        "testthat",
        re.compile(
            r"(?i)(?:^|/)(?:testthat|tests?)/(?:[^/]+/)*(?:test|spec)[-_.][^/]*\.R$|(?:^|/)test[-_][^/]*\.R$|(?:^|"
            r"/)tests/(?:testthat|tinytest)\.R$"
        ),
    ),
    ("julia", re.compile(r"(?:^|/)tests?/(?:[^/]+/)*[^/]*\.jl$")),
    ("busted", re.compile(r"(?:^|/)[^/]*_(?:spec|test)\.lua$|(?:^|/)tests?/(?:[^/]+/)*test[^/]*\.lua$")),
    ("jest", re.compile(r"\.(?:test|spec)\.[cm]?[jt]sx?$")),
    ("bats", re.compile(r"\.bats$")),
)
_TESTTHAT = re.compile(r"\btest_that\s*\(|\bexpect_\w+\s*\(|testthat|tinytest")
_CASES = re.compile(r"(?:^|\.)(?:\w*TestCase|TestSuite|absltest\.\w+|parameterized\.TestCase)$")
_TOUCHES = (
    ("training", re.compile(r"(?i)(?:^|[_/.])(?:re)?(?:train|training|trainer|fit|tune|tuning|pipeline)(?:$|[_/.\d])")),
    ("features", re.compile(r"(?i)feature|preprocess|transform|encod|scal(?:er|ing)|clean|token")),
    (
        "data",
        re.compile(
            r"(?i)(?:^|[_/.])(?:data|dataset|datasets|dataloader|loader|ingest\w*|schema|schemas|datamodule\w*|etl|load)(?:$|[_/.\d])|data_"
        ),
    ),
    ("model", re.compile(r"(?i)(?:^|[_/.])(?:models?|net|network|classifier|regressor|estimator|layers?)(?:$|[_/.\d])|model")),
    (
        "serving",
        re.compile(
            r"(?i)(?:^|[_/.])(?:app|api|serve|serving|server|predict\w*|inference|scoring|score|endpoint|handler|main_api)(?:$|[_/.\d])"
        ),
    ),
    ("evaluation", re.compile(r"(?i)evaluat|metric|(?:^|[_/.])eval(?:$|[_/.])")),
)


def read_tests(snapshot: Snapshot) -> TestSuite:
    """All test files in path order; helpers, `conftest.py` and data are left out."""
    modules = _Modules(snapshot)
    files = [f for p in snapshot.own if (f := _test_file(snapshot, modules, p))][:FILES_LIMIT]
    named = Counter(f.framework for f in files if f.framework)
    order = ("pytest", "unittest")
    best = sorted(named, key=lambda n: (-named[n], order.index(n) if n in order else 9, n))
    return TestSuite(framework=best[0] if best else None, files=tuple(files))


def _test_file(snapshot: Snapshot, modules: _Modules, path: str) -> TestFile | None:
    if path.endswith(".py"):
        return _python(snapshot, modules, path)
    framework = next((name for name, pattern in _OTHER if pattern.search(path)), None)
    if framework is None or framework == "jest":
        return TestFile(file=path, framework=framework, functions=_count(snapshot, path, framework)) if framework else None
    if framework == "julia" and "@test" not in (snapshot.text(path) or "") and not path.endswith("runtests.jl"):
        return None
    if framework == "testthat" and not re.search(r"(?:^|/)tests?(?:that)?/", path) and not _TESTTHAT.search(snapshot.text(path) or ""):
        return None
    return TestFile(file=path, framework=framework, functions=_count(snapshot, path, framework))


def _count(snapshot: Snapshot, path: str, framework: str) -> int:
    pattern = {
        "testthat": r"\btest_that\s*\(|\bit\s*\(",
        "julia": r"@testset",
        "busted": r"\bit\s*\(|function test",
        "jest": r"\b(?:it|test)\s*\(",
    }
    return len(re.findall(pattern.get(framework, r"(?m)^@test"), (snapshot.text(path) or "")[:500_000]))


def _python(snapshot: Snapshot, modules: _Modules, path: str) -> TestFile | None:
    named, loose = bool(_PYTHON.search(path)), bool(_LOOSE.search(path))
    if not (named or loose) or path.endswith(("conftest.py", "__init__.py", "setup.py")):
        return None
    source = snapshot.source(path)
    if source is None:
        return None
    functions, framework = _functions(source), _framework(source)
    inside = bool(re.search(r"(?:^|/)(?:unit|integration|e2e)?_?tests?/", path))
    if not named and not functions:
        return None
    if named and not functions and not inside and not _is_test_like(source):
        return None
    if not named and not any(d.name.split(".")[-1].startswith("test") for d in source.definitions):
        return None
    if framework is None and functions:
        framework = "pytest"
    subjects = modules.imported_by(source)
    touches = _touches(source, subjects)
    return TestFile(file=path, framework=framework, functions=functions, subjects=tuple(subjects[:SUBJECTS_LIMIT]), touches=touches)


def _is_test_like(source: SourceFile) -> bool:
    """A file outside a test folder with a test's name and no test function: an empty one counts, a script does not."""
    return source.statements == 0 and not source.calls


def _functions(source: SourceFile) -> int:
    """Test functions at module level and methods of classes; functions inside functions are helpers."""
    classes = {d.name for d in source.definitions if d.kind == "class"}
    cases = {d.name for d in source.definitions if d.kind == "class" and any(_CASES.search(p) for p in d.parameters)}
    count = 0
    for definition in source.definitions:
        owner, _, name = definition.name.rpartition(".")
        if definition.kind != "function" or not name.startswith("test") or (owner and owner not in classes):
            continue
        count += not owner or owner in cases or bool(re.match(r"_*Test|.*Tests?$", owner.rsplit(".", 1)[-1])) or bool(_bases(source, owner))
    return count


def _bases(source: SourceFile, name: str) -> tuple[str, ...]:
    return next((d.parameters for d in source.definitions if d.kind == "class" and d.name == name), ())


def _framework(source: SourceFile) -> str | None:
    """The framework that the file is written for: test cases are unittest's whoever runs them."""
    if any(_CASES.search(p) for d in source.definitions if d.kind == "class" for p in d.parameters):
        return "unittest"
    if source.imported("pytest", "hypothesis", "_pytest"):
        return "pytest"
    if source.imported("nose", "nose2"):
        return "nose"
    if source.imported("behave"):
        return "behave"
    if source.imported("unittest.TestCase", "absl.testing", "django.test") or source.calls_to("unittest.main"):
        return "unittest"
    return None


def _touches(source: SourceFile, subjects: list[str]) -> tuple[str, ...]:
    """What is looked at, by the names of own modules, of what is imported from them, and of the test functions."""
    own = [re.sub(r"\.py$", "", s) for s in subjects]
    own += [i.name for i in source.imports if i.name and (i.module.startswith(".") or i.top not in sys.stdlib_module_names)]
    own += [d.name for d in source.definitions if d.kind == "function" and "test" in d.name]
    called = {c.attribute for c in source.calls}
    found = [name for name, pattern in _TOUCHES if any(pattern.search(_separated(o)) for o in own)]
    if called & {"fit", "train", "train_model", "fit_transform"} and "training" not in found:
        found.append("training")
    if (called & {"TestClient", "test_client"} or source.imported("fastapi.testclient")) and "serving" not in found:
        found.append("serving")
    return tuple(found)


def _separated(name: str) -> str:
    """`TestModelTrainer` as `Test_Model_Trainer`, so that words in it can be told apart."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)


class _Modules:
    """Own Python modules by the dotted names under which a test could import them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @cached_property
    def by_name(self) -> dict[str, str]:
        found: dict[str, str] = {}
        paths = [p for p in self.snapshot.own if p.endswith(".py")]
        for path in sorted(paths, key=lambda p: (p.count("/"), p)):
            parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
            for start in range(min(len(parts), 6)):
                found.setdefault(".".join(parts[start:]), path)
        return found

    def imported_by(self, source: SourceFile) -> list[str]:
        """Files of own modules that a file imports, itself left out, in the order of its imports."""
        found: dict[str, None] = {}
        for item in source.imports:
            for name in (f"{item.module}.{item.name}" if item.name else item.module, item.module):
                path = self._file(source.path, name)
                if path and path != source.path and not path.endswith("conftest.py"):
                    found[path] = None
                    break
        return list(found)

    def _file(self, importer: str, module: str) -> str | None:
        if module.startswith("."):
            dots = len(module) - len(module.lstrip("."))
            folder = importer
            for _ in range(dots):
                folder = posixpath.dirname(folder)
            module = ".".join(p for p in (folder.replace("/", "."), module.lstrip(".")) if p)
        if module.split(".")[0] in sys.stdlib_module_names or not module:
            return None
        beside = posixpath.join(posixpath.dirname(importer), module.replace(".", "/") + ".py")
        return beside if beside in self.snapshot.entries else self.by_name.get(module)
