"""The few facts of each section that a reader wants beside its score, in words.

Three answers are kept apart everywhere: what is there, "none found" (it was looked for), and "not determined" (it
could not be read).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tasks.rendering.wording import count, in_words, kind_words, listed
from tasks.rules.contract import Report
from tasks.rules.scoring import lower_first

NOT_DETERMINED = "not determined"
NONE_FOUND = "none found"
PROJECTS_SHOWN = 20
DATASETS_SHOWN = 5
LEAST_SHARE = 0.005
"""A language of less would be shown as 0 %."""
FactLines = list[tuple[str, str]]


def key_facts(section: str, report: Report) -> FactLines:
    """Label and text for each fact of a section; empty for a section of which nothing was read."""
    found = report.sections.get(section)
    told = TELLERS.get(section)
    if found is None or told is None or not (found.facts or found.assessment or report.facts):
        return []
    return _folded(told(report.facts, found.facts, found.assessment))


def _folded(lines: FactLines) -> FactLines:
    """What was not found, and what could not be determined, in one line each."""
    kept = [line for line in lines if line[1] not in (NONE_FOUND, NOT_DETERMINED)]
    for answer in (NONE_FOUND, NOT_DETERMINED):
        labels = [label for label, text in lines if text == answer]
        if labels:
            kept.append((answer.capitalize(), ", ".join(label if i == 0 else lower_first(label) for i, label in enumerate(labels))))
    return kept


def _project(canonical: Mapping[str, Any], facts: Mapping[str, Any], _: Mapping[str, Any]) -> FactLines:
    languages = [
        f"{_title(x.get('name'))} {100 * _number(x.get('share')):.0f} %"
        for x in _dicts(facts.get("languages"))[:4]
        if _number(x.get("share")) >= LEAST_SHARE
    ]
    lines = [
        ("What it is", kind_words(canonical.get("kind"))),
        ("Languages", ", ".join(languages) or (NONE_FOUND if "languages" in facts else NOT_DETERMINED)),
        ("Task", _words(canonical.get("tasks"))),
        ("Libraries imported", _words(canonical.get("frameworks"))),
        ("Python", str(canonical.get("python") or "not declared")),
        ("Licence", str(canonical.get("license") or NONE_FOUND)),
    ]
    lines += [(label, _command(canonical.get(f"{kind}_entrypoints"))) for kind, label in
              (("train", "Training entry point"), ("eval", "Evaluation entry point"), ("serve", "Serving entry point"))]  # fmt: skip
    lines += _if_any("Configuration", canonical.get("config")) + _if_any("Orchestration", canonical.get("orchestrator"))
    projects = _dicts(facts.get("projects"))
    if len(projects) > 1:
        lines.append(("Projects in it", f"{len(projects):,}"))
        lines += [(str(p.get("path") or "the root"), _project_words(p)) for p in projects[:PROJECTS_SHOWN]]
    return lines


def _project_words(project: Mapping[str, Any]) -> str:
    entries = project.get("train_entrypoints") or ()
    libraries = project.get("frameworks") or ()
    said = [
        kind_words(project.get("kind")),
        f"with {listed(libraries, 3)}" if libraries else "",
        f"trained by {entries[0]}" if entries else "",
    ]
    return ", ".join(s for s in said if s)


def _dataset(canonical: Mapping[str, Any], facts: Mapping[str, Any], _: Mapping[str, Any]) -> FactLines:
    if not facts:
        return [("Data", NOT_DETERMINED)]
    datasets = _dicts(facts.get("datasets"))
    lines = [(str(d.get("path")), _dataset_words(d)) for d in datasets[:DATASETS_SHOWN]]
    if len(datasets) > DATASETS_SHOWN:
        lines.append(("More files of data", f"{len(datasets) - DATASETS_SHOWN:,}"))
    if not datasets:
        lines.append(("Data in the repository", NONE_FOUND))
    elsewhere = [
        f"{r.get('ref')}" if r.get("kind") == "url" else f"{in_words(r.get('kind'))} {r.get('ref')}"
        for r in _dicts(facts.get("references"))
    ]
    if elsewhere:
        lines.append(("Data from elsewhere", listed(elsewhere, 3)))
    tools = dict.fromkeys(str(v.get("tool")) for v in _dicts(facts.get("versioning")))
    lines.append(("Data versioning", listed(list(tools)) or NONE_FOUND))
    pairs = _dicts(facts.get("pairs"))
    shared = [p for p in pairs if _number(p.get("overlap_rows")) > 0]
    if pairs:
        rows = f", {count(int(sum(_number(p['overlap_rows']) for p in shared)), 'row')} on both sides" if shared else ""
        lines.append(("Files compared", f"{count(len(pairs), 'pair')}{rows}"))
    return lines


def _dataset_words(dataset: Mapping[str, Any]) -> str:
    if dataset.get("problem") and dataset.get("rows") is None and not dataset.get("n_columns"):
        return f"could not be read: {dataset['problem']}"
    rows = dataset.get("rows")
    size = count(int(rows), "row") if isinstance(rows, int) else "rows not counted"
    target = f", target {dataset['target']}" if dataset.get("target") else ""
    sampled = ", profiled on a sample" if dataset.get("sampled") else ""
    return f"{size}, {count(int(_number(dataset.get('n_columns'))), 'column')}{target}{sampled}"


def _training(canonical: Mapping[str, Any], facts: Mapping[str, Any], _: Mapping[str, Any]) -> FactLines:
    leaks = _dicts(canonical.get("leakage")) if canonical.get("leakage") is not None else None
    kinds = dict.fromkeys(in_words(leak.get("kind")) for leak in leaks or ())
    hyper = facts.get("hyperparameters")
    searches = hyper.get("searches") if isinstance(hyper, dict) else None
    seeded = {"yes": "yes", "partial": "partly", "no": "no"}.get(str(canonical.get("seeded")), NOT_DETERMINED)
    return [
        ("Random seeds fixed", seeded),
        ("Held-out split", _yes_no(canonical.get("split_present"))),
        ("Cross-validation", _yes_no(canonical.get("cv"))),
        ("Leakage in code", NOT_DETERMINED if leaks is None else f"{len(leaks)}: {listed(list(kinds), 4)}" if leaks else NONE_FOUND),
        ("Models saved as", _words(canonical.get("artifact_formats"))),
        *_if_any("Hyperparameter search", searches),
    ]


def _evaluation(canonical: Mapping[str, Any], facts: Mapping[str, Any], _: Mapping[str, Any]) -> FactLines:
    lines = [("Metrics computed", _words(canonical.get("metrics")))]
    for label, field in (("Baseline", "baselines"), ("Slices", "slices"), ("Uncertainty", "uncertainty")):
        lines.append((label, _places(facts, field)))
    notebooks = canonical.get("notebooks")
    if isinstance(notebooks, dict) and notebooks.get("count"):
        states = [f"{notebooks[k]} {in_words(k)}" for k in ("out_of_order", "never_run", "with_errors", "with_outputs") if notebooks.get(k)]
        lines.append(("Notebooks", ", ".join([str(notebooks["count"]), *states])))
    return lines


def _mlops(canonical: Mapping[str, Any], facts: Mapping[str, Any], _: Mapping[str, Any]) -> FactLines:
    tests, secrets = canonical.get("tests"), canonical.get("secrets")
    containers = [*_texts(canonical.get("dockerfiles")), *_texts(canonical.get("compose"))]
    return [
        ("Tests", _tests(tests)),
        ("CI", _ci(canonical)),
        ("Dependencies", _dependencies(canonical.get("deps"))),
        ("Lock file", _words(canonical.get("lock"), 3)),
        ("Containers", listed(containers, 3) or (NOT_DETERMINED if canonical.get("dockerfiles") is None else NONE_FOUND)),
        ("Experiment tracking", _words(canonical.get("tracking"))),
        ("Model registry", _words(canonical.get("registry"))),
        ("Model card", _yes_no(canonical.get("model_card"))),
        ("Secrets committed", NOT_DETERMINED if secrets is None else str(len(_dicts(secrets))) if secrets else NONE_FOUND),
    ]  # fmt: skip


def _tests(tests: Any) -> str:
    if not isinstance(tests, dict):
        return NOT_DETERMINED
    functions, files = int(_number(tests.get("functions"))), int(_number(tests.get("files")))
    if not files:
        return NONE_FOUND
    framework = f", {tests['framework']}" if tests.get("framework") else ""
    return f"{count(functions, 'test')} in {count(files, 'file')}{framework}"


def _ci(canonical: Mapping[str, Any]) -> str:
    systems, runs = canonical.get("ci_systems"), canonical.get("ci_runs")
    if systems is None:
        return NOT_DETERMINED
    if not systems:
        return NONE_FOUND
    return f"{_words(systems)}: runs {_words(runs)}" if runs else f"{_words(systems)}: checks, builds and delivers nothing"


def _dependencies(deps: Any) -> str:
    if deps is None:
        return NOT_DETERMINED
    return listed([f"{d.get('file')} ({_pin(d)})" for d in _dicts(deps)], 4) or NONE_FOUND


def _pin(dependency: Mapping[str, Any]) -> str:
    words = {"exact": "every version exact", "none": "nothing listed"}
    return words.get(str(dependency.get("pin")), in_words(dependency.get("pin")))


def _monitoring(canonical: Mapping[str, Any], facts: Mapping[str, Any], assessment: Mapping[str, Any]) -> FactLines:
    levels = assessment.get("levels")
    health = levels.get("health") if isinstance(levels, dict) else assessment.get("health")
    reasons = _texts(assessment.get("reasons"))
    lines = [("Health of the model", f"{in_words(health)}{': ' + reasons[0] if reasons else ''}")] if health else []
    lines += [("Monitoring", _words(canonical.get("monitoring"))), ("Data validation", _words(canonical.get("validation")))]
    if facts:
        lines.append(("Predictions recorded", _places(facts, "prediction_log")))
        lines.append(("Alerts", _words([t.get("name") for t in _dicts(facts.get("alerting"))])))
    return lines


def _retraining(_: Mapping[str, Any], __: Mapping[str, Any], assessment: Mapping[str, Any]) -> FactLines:
    lines = [("Urgency", in_words(assessment["urgency"]))] if assessment.get("urgency") else []
    if assessment.get("strategy") not in (None, "none"):
        lines.append(("Strategy", in_words(assessment["strategy"])))
    triggers = _texts(assessment.get("triggers"))
    lines += [("Triggers", "; ".join(triggers[:5]))] if triggers else []
    plan = assessment.get("plan")
    for key, label in (
        ("data", "Train on"),
        ("features_to_review", "Features to review"),
        ("evaluation_required", "Evaluate on"),
        ("promotion_criteria", "Replace the old model when"),
    ):
        values = _texts(plan.get(key)) if isinstance(plan, dict) else []
        lines += [(label, ("; " if key != "features_to_review" else ", ").join(values))] if values else []
    return lines


def _deployment(_: Mapping[str, Any], facts: Mapping[str, Any], __: Mapping[str, Any]) -> FactLines:
    if not facts:
        return [("Serving", NOT_DETERMINED)]
    services = [f"{s.get('framework')} {s.get('interface')} in {s.get('file')}" for s in _dicts(facts.get("services")) if s.get("predicts")]
    return [
        ("Services with a model", listed(services, 4) or NONE_FOUND),
        ("Infrastructure", _words(list(dict.fromkeys(i.get("kind") for i in _dicts(facts.get("infrastructure")))))),
        ("API contract", _places(facts, "contracts")),
        ("Health endpoint", _places(facts, "health_endpoints")),
        ("Way back to an earlier model", _places(facts, "rollbacks")),
    ]


TELLERS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]], FactLines]] = {
    "project": _project,
    "dataset": _dataset,
    "training": _training,
    "evaluation": _evaluation,
    "mlops": _mlops,
    "monitoring": _monitoring,
    "retraining": _retraining,
    "deployment": _deployment,
}


def _places(facts: Mapping[str, Any], field: str) -> str:
    if field not in facts:
        return NOT_DETERMINED
    places = _dicts(facts[field])
    if not places:
        return NONE_FOUND
    first = f"{places[0].get('file')}{':' + str(places[0]['line']) if places[0].get('line') else ''}"
    return first if len(places) == 1 else f"{first} and {count(len(places) - 1, 'more place')}"


def _command(entrypoints: Any) -> str:
    if entrypoints is None:
        return NOT_DETERMINED
    found = _dicts(entrypoints)
    return f"{found[0].get('command') or found[0].get('file')}" if found else NONE_FOUND


def _words(values: Any, limit: int = 8) -> str:
    if values is None:
        return NOT_DETERMINED
    return listed([in_words(v) for v in _texts(values)], limit) or NONE_FOUND


def _if_any(label: str, values: Any) -> FactLines:
    words = [in_words(v) for v in _texts(values)]
    return [(label, listed(words))] if words else []


def _yes_no(value: Any) -> str:
    return NOT_DETERMINED if value is None else "yes" if value else "no"


def _texts(value: Any) -> list[str]:
    return [str(v) for v in value if v is not None] if isinstance(value, (list, tuple)) else []


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    items: Iterable[Any] = value if isinstance(value, (list, tuple)) else ()
    return [v for v in items if isinstance(v, dict)]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _title(name: Any) -> str:
    return {"css": "CSS", "html": "HTML", "sql": "SQL", "php": "PHP", "c++": "C++"}.get(str(name), str(name).capitalize())
