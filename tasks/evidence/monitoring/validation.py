"""Checks that data is what the model expects: schema libraries, own column checks, tests of the data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.monitoring.config_lines import config_paths
from tasks.evidence.monitoring.facts import Tool
from tasks.evidence.monitoring.uses import as_tools, imported_tools, is_test, merge
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile

VALIDATION_LIBRARIES = {
    "great_expectations": "great_expectations",
    "ge": "great_expectations",
    "pandera": "pandera",
    "tensorflow_data_validation": "tfdv",
    "cerberus": "cerberus",
    "voluptuous": "voluptuous",
    "schematics": "schematics",
    "jsonschema": "jsonschema",
    "deepchecks": "deepchecks",
    "pydeequ": "pydeequ",
    "soda": "soda",
    "frictionless": "frictionless",
    "pointblank": "pointblank",
    "whylogs.core.constraints": "whylogs constraints",
    "evidently.test_suite": "evidently tests",
    "patito": "patito",
    "datatest": "datatest",
    "dataprofiler": "dataprofiler",
    "feature_engine.preprocessing": "feature_engine",
    "tdda": "tdda",
}
_R_LIBRARIES = re.compile(r"^\s*(?:library|require)\s*\(\s*[\"']?(validate|pointblank|assertr|assertthat|data\.validator)\b")
_SCHEMA_WORD = re.compile(
    r"schema|expected_columns|required_columns|column_list|all_cols|feature_names_expected|expected_cols", re.IGNORECASE
)
_VALIDATING = re.compile(
    r"validat|check_(?:schema|columns|data|nulls|missing|types?)|verify_(?:schema|columns|data)|(?:data|schema)_check|is_valid_data",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"\.columns\b|\.dtypes\b|read_csv|\.shape\b|isnull|isna")
_DATA_TEST = re.compile(
    r"schema|missing|null|nan\b|distribution|column|duplicate|dtypes?|range|(?:^|_)data(?:set)?(?:_|$)|integrity|quality", re.IGNORECASE
)
_READS_FILE = re.compile(r"^pandas\.read_(?:csv|parquet|json|excel|feather|table)$")
_WEB = ("fastapi", "litestar", "starlite", "ninja", "bentoml", "ray.serve", "flask_pydantic", "robyn")


def find_validation(snapshot: Snapshot) -> tuple[Tool, ...]:
    """Data checks that really exist in code, sorted by name."""
    found = merge(
        imported_tools(snapshot, VALIDATION_LIBRARIES, with_tests=True), _own_checks(snapshot), _data_tests(snapshot), _r_checks(snapshot)
    )
    if any(p.endswith("great_expectations.yml") for p in snapshot.own):
        found.setdefault("great_expectations", []).append(Place(file=next(p for p in snapshot.own if p.endswith("great_expectations.yml"))))
    return as_tools(found)


def find_request_validation(snapshot: Snapshot) -> tuple[Place, ...]:
    """Pydantic models in files that serve or that a serving file takes them from, first of each file."""
    taken = {i.name for s in snapshot.sources if s.imported(*_WEB) and not is_test(s.path) for i in s.imports if i.name}
    places = []
    for source in snapshot.sources:
        if is_test(source.path) or not source.imported("pydantic"):
            continue
        models = [d for d in source.definitions if d.kind == "class" and any(b.endswith("BaseModel") for b in d.parameters)]
        if models and (any(m.name in taken for m in models) or _serves_here_or_near(snapshot, source)):
            places.append(place_in(snapshot, source.path, models[0].line, "typed request model"))
    return tuple(places)


def _serves_here_or_near(snapshot: Snapshot, source: SourceFile) -> bool:
    if source.imported(*_WEB):
        return True
    folder = source.path.rpartition("/")[0]
    return any(s.imported(*_WEB) for s in snapshot.sources if s.path.rpartition("/")[0] == folder)


def _own_checks(snapshot: Snapshot) -> dict[str, list[Place]]:
    """Functions that validate and look at columns, in a repository that states its schema or in code that names one."""
    schema = next((p for p in config_paths(snapshot) if re.search(r"(?:^|/)\w*schema\w*\.(?:ya?ml|json|toml)$", p)), None)
    found: dict[str, list[Place]] = {}
    for source in snapshot.sources:
        if is_test(source.path) or source.is_notebook:
            continue
        for line, kind in _validating_functions(snapshot, source):
            named = kind == "schema"
            label = f"own {schema.rsplit('/', 1)[-1]} check" if named and schema else "own schema check" if named else "own data checks"
            found.setdefault(label, []).append(place_in(snapshot, source.path, line, label))
    return found


def _validating_functions(snapshot: Snapshot, source: SourceFile) -> Iterator[tuple[int, str]]:
    functions = [d for d in source.definitions if d.kind == "function" and _VALIDATING.search(d.name)]
    if not functions:
        return
    lines = (snapshot.text(source.path) or "").split("\n")
    for definition in functions:
        body = "\n".join(line[:300] for line in lines[definition.line - 1 : definition.end_line])
        if _COLUMNS.search(body) and re.search(r"\bif\b|\bassert\b|\braise\b|\ball\(", body):
            if _SCHEMA_WORD.search(body):
                yield definition.line, "schema"
            elif re.search(r"\.columns\b|isnull|isna|\.dtypes", body) and re.search(r"\braise\b|\bassert\b|return (?:False|True)", body):
                yield definition.line, "checks"


def _data_tests(snapshot: Snapshot) -> dict[str, list[Place]]:
    """Test functions that read a data file and look at its columns, missing values or ranges."""
    places = []
    for source in snapshot.sources:
        if not re.search(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py$", source.path):
            continue
        for definition in source.definitions:
            last = definition.name.rsplit(".", 1)[-1]
            if definition.kind == "function" and last.startswith("test") and _DATA_TEST.search(last):
                inside = [c for c in source.calls if definition.line <= c.line <= definition.end_line]
                if any(_READS_FILE.search(c.name) for c in inside):
                    places.append(place_in(snapshot, source.path, definition.line, "test of the data"))
                    break
    return {"pytest data checks": places} if places else {}


def _r_checks(snapshot: Snapshot) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for path in snapshot.matching(r"\.[rR](?:md)?$"):
        for number, line in enumerate((snapshot.text(path) or "").split("\n"), 1):
            if match := _R_LIBRARIES.match(line[:200]):
                found.setdefault(f"r:{match.group(1)}", []).append(place_in(snapshot, path, number, "data checks"))
    return found
