"""Entries that are a tool's file: dvc.yaml, MLproject, Kedro, Snakemake, Makefiles, shell scripts, a configuration for a command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tasks.evidence.mlops.manifests import load_toml, load_yaml, table
from tasks.evidence.project.entrypoints import roles
from tasks.evidence.project.entrypoints.candidate import Candidate, judge_place
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.reach import SCRIPT_IN_TEXT
from tasks.evidence.project.facts import Entrypoint
from tasks.evidence.snapshot import Snapshot

CONFIGS_LIMIT = 400
CONFIG_BYTES = 60_000
_CONFIG_PATH = re.compile(r"\.(?:ya?ml|json|toml)$")
_NAMED_CLASS = re.compile(
    r"""(?:^|[\s{,"'\-])["']?(?:KIND|kind|_target_|class_path|type|name|class|job|task|object|cls|target|runner|trainer)["']?[ \t]{0,3}[:=][ \t]{0,3}["']?([\w.]{3,120})"""
)
_RECIPE_TRAINS = re.compile(r"^([A-Za-z][\w.-]{0,60}):", re.MULTILINE)

Score = dict[str, float]
"""Confidence of the scripts found so far, by path."""


def tool_candidates(ground: Ground, scripts: Score) -> list[Candidate]:
    """Tools' files that run a script which trains, a little more or less sure than the script itself."""
    found = [
        *_kedro(ground),
        *_dvc(ground, scripts),
        *_mlproject(ground, scripts),
        *_snakemake(ground, scripts),
        *_recipes(ground),
        *_runners(ground, scripts),
    ]
    for candidate in found:
        judge_place(candidate)
    return found


def _beside(path: str, name: str) -> str:
    folder = path.rpartition("/")[0]
    return f"{folder}/{name}" if folder else name


def _in_folder(path: str, command: str) -> str:
    folder = path.rpartition("/")[0]
    return f"cd {folder} && {command}" if folder else command


def _run_by(ground: Ground, path: str, text: str, scripts: Score) -> list[str]:
    """Known training scripts that a command line in a tool's file runs."""
    names = [m.replace("\\", "/").removeprefix("./") for m in SCRIPT_IN_TEXT.findall(text)]
    found = [p for n in names for p in (_beside(path, n), n) if p in scripts]
    for module in re.findall(r"-m\s+([\w.]{1,120})", text):
        base = _beside(path, "x")
        for target in (ground.modules.file_of(module, base), ground.modules.file_of(module + ".__main__", base)):
            found += [target] if target and target in scripts else []
    for name, (target, _) in ground.console.items():
        if re.search(rf"(?:^|\s|/){re.escape(name)}(?:\s|$)", text) and target in scripts:
            found.append(target)
    return list(dict.fromkeys(found))


def _go_through(ground: Ground, path: str, run: list[str]) -> None:
    python = [p for p in run if p in ground.sources]
    if python:
        ground.through[path] = ground.graph.from_run(python[0])


def _dvc(ground: Ground, scripts: Score) -> Iterator[Candidate]:
    for path in ground.snapshot.matching(r"(?:^|/)dvc\.yaml$"):
        text = ground.snapshot.text(path) or ""
        stages = {str(k): v for k, v in table(load_yaml(text), "stages").items() if isinstance(v, dict)}
        commands = {name: _stage_text(stage) for name, stage in stages.items()}
        training = {n: run for n, c in commands.items() if (run := _run_by(ground, path, c, scripts))}
        if not training:
            continue
        name, run = max(training.items(), key=lambda item: max(scripts[p] for p in item[1]))
        best = max(scripts[p] for p in run)
        _go_through(ground, path, run)
        candidate = Candidate(path, _in_folder(path, "dvc repro"), None)
        candidate.add(best, f"stage `{name}` runs {run[0]}, which trains a model")
        outs = {o for other, stage in stages.items() if other != name for o in _names(stage.get("outs"))}
        if outs & _names(stages[name].get("deps")):
            candidate.add(0.03, "the stage needs what earlier stages make")
        else:
            candidate.add(-0.03, "the stage stands alone")
        yield candidate


def _stage_text(stage: dict[str, Any]) -> str:
    inner = stage.get("do")
    command = (inner if isinstance(inner, dict) else stage).get("cmd", "")
    return "\n".join(map(str, command)) if isinstance(command, list) else str(command)


def _names(value: object) -> set[str]:
    items = value if isinstance(value, list) else []
    return {str(next(iter(i), "")) if isinstance(i, dict) else str(i) for i in items}


def _mlproject(ground: Ground, scripts: Score) -> Iterator[Candidate]:
    for path in ground.snapshot.matching(r"(?:^|/)MLproject$"):
        points = table(load_yaml(ground.snapshot.text(path) or ""), "entry_points")
        texts = {str(n): str(p.get("command", "")) for n, p in points.items() if isinstance(p, dict)}
        for name, text in texts.items():
            run = _run_by(ground, path, text, scripts)
            if run:
                _go_through(ground, path, run)
                folder = path.rpartition("/")[0] or "."
                candidate = Candidate(path, f"mlflow run {folder}" + ("" if name == "main" else f" -e {name}"), None)
                candidate.add(max(scripts[p] for p in run) - 0.02, f"entry point `{name}` runs {run[0]}, which trains a model")
                yield candidate
                break


def _kedro(ground: Ground) -> Iterator[Candidate]:
    for path in ground.snapshot.matching(r"(?:^|/)(?:pyproject\.toml|\.kedro\.yml)$"):
        text = ground.snapshot.text(path) or ""
        if path.endswith(".toml") and not table(load_toml(text), "tool", "kedro"):
            continue
        folder = path.rpartition("/")[0]
        prefix = folder + "/" if folder else ""
        for pipeline, source in ground.sources.items():
            if not pipeline.startswith(prefix) or roles.is_test(pipeline) or not source.imported("kedro"):
                continue
            reach = ground.graph.from_function(pipeline, "create_pipeline")
            fits = ground.fits_in(reach)
            if fits:
                ground.through[path] = reach
                candidate = Candidate(path, _in_folder(path, "kedro run"), None)
                candidate.add(
                    0.3 + 0.62 * fits[0].strength,
                    f"a node of {pipeline} trains a model ({fits[0].how} in {fits[0].path}, line {fits[0].line})",
                )
                yield candidate
                return


def _recipes(ground: Ground) -> Iterator[Candidate]:
    """An MLflow recipe, where something in the repository runs one."""
    if not any(f.how == "mlflow recipe" for f in ground.fits):
        return
    for path in ground.snapshot.matching(r"(?:^|/)(?:recipe|pipeline)\.yaml$"):
        if re.search(r"^(?:recipe|template):\s", ground.snapshot.text(path) or "", re.MULTILINE):
            candidate = Candidate(path, _in_folder(path, "mlflow recipes run --profile local"), None)
            candidate.add(0.62, "an MLflow recipe, whose train step fits a model")
            yield candidate


def _snakemake(ground: Ground, scripts: Score) -> Iterator[Candidate]:
    for path in ground.snapshot.matching(r"(?:^|/)Snakefile$|\.smk$"):
        run = _run_by(ground, path, ground.snapshot.text(path) or "", scripts)
        if run:
            _go_through(ground, path, run)
            candidate = Candidate(path, _in_folder(path, "snakemake --cores 1"), None)
            candidate.add(max(scripts[p] for p in run) + 0.02, f"a rule runs {run[0]}, which trains a model")
            yield candidate


def _runners(ground: Ground, scripts: Score) -> Iterator[Candidate]:
    """Makefiles, task runners and shell scripts that run a training script."""
    seen = set()
    for target, commands in ground.commands.by_target.items():
        if target not in scripts:
            continue
        for command in commands:
            if command.kind not in ("make", "tasks", "shell") or command.source in seen or command.source.endswith((".json", ".ini")):
                continue
            seen.add(command.source)
            candidate = Candidate(command.source, _runner_command(ground.snapshot, command.source, command.line), command.line)
            candidate.add(scripts[target] - (0.1 if command.kind == "shell" else 0.12), f"runs {target}, which trains a model")
            yield candidate


def _runner_command(snapshot: Snapshot, path: str, line: int) -> str:
    name = path.rpartition("/")[2]
    if path.endswith((".sh", ".bash", ".slurm", ".sbatch")):
        return f"bash {path}"
    above = "\n".join((snapshot.text(path) or "").split("\n")[:line])
    if name == "tasks.py":
        functions = re.findall(r"^def (\w{1,60})", above, re.MULTILINE)
        return _in_folder(path, f"invoke {functions[-1].replace('_', '-')}" if functions else "invoke")
    if name == "noxfile.py":
        return _in_folder(path, "nox")
    targets = _RECIPE_TRAINS.findall(above)
    tool = "just" if "justfile" in name.lower() else "make"
    return _in_folder(path, f"{tool} {targets[-1]}" if targets else tool)


def config_candidates(ground: Ground, wanted: str) -> list[Candidate]:
    """Configurations that name a class of the repository whose work is a fit, for a command that takes configurations.

    `wanted` is `train`, `eval` or `serve`; for the last two the class's name says the purpose.
    """
    launchers = _configurable(ground)
    if not launchers:
        return []
    classes = {
        d.name: (p, d.name)
        for p, ds in ground.modules.definitions.items()
        if not roles.is_test(p)
        for d in ds.values()
        if d.kind == "class"
    }
    found = []
    paths = [p for p in ground.snapshot.own if _CONFIG_PATH.search(p) and ground.snapshot.size(p) <= CONFIG_BYTES and not p.startswith(".")]
    for path in sorted(paths, key=lambda p: (p.count("/"), p))[:CONFIGS_LIMIT]:
        if roles.is_test(path):
            continue
        text = ground.snapshot.text(path) or ""
        for name in dict.fromkeys(n.rsplit(".", 1)[-1] for n in _NAMED_CLASS.findall(text)[:60]):
            if name in classes and (candidate := _configured(ground, path, classes[name], launchers, wanted)):
                found.append(candidate)
                break
    return found


def is_configured(train: tuple[Entrypoint, ...]) -> bool:
    """Whether training is a matter of handing a configuration to a command."""
    return any(_CONFIG_PATH.search(e.file) and not e.file.endswith(("dvc.yaml", "pyproject.toml")) for e in train)


def _configurable(ground: Ground) -> list[tuple[str, str]]:
    """Installed commands and main modules that take a configuration: the command as typed, and the file."""
    found = []
    for name, (path, _) in sorted(ground.console.items()):
        if _takes_files(ground, path):
            found.append((name, path))
    for path in ground.runnable:
        takes = path.endswith("__main__.py") or (ground.sources[path].has_main and _takes_files(ground, path))
        if takes and not ground.fits_in(ground.graph.from_run(path)):
            found.append((ground.plain_command(path), path))
    return found


def _takes_files(ground: Ground, path: str) -> bool:
    words = {t.lower() for t, _ in ground.sources[path].strings}
    return any(
        w in words
        for w in (
            "files",
            "config",
            "--config",
            "-c",
            "configs",
            "--config-file",
            "config_file",
            "--conf",
            "conf",
            "config_path",
            "--config_path",
        )
    )


def _configured(ground: Ground, path: str, owner: tuple[str, str], launchers: list[tuple[str, str]], wanted: str) -> Candidate | None:
    file, name = owner
    methods = [n for n, d in ground.modules.definitions[file].items() if n.startswith(name + ".") and d.kind == "function"]
    fits = [f for m in methods for f in ground.fits_in(ground.graph.from_function(file, m))]
    says = {
        "train": bool(fits),
        "eval": roles.says_eval(_spaced(name)) or roles.says_eval(path),
        "serve": bool(re.search(r"Infer|Predict|Serv|Scor", name)),
    }
    if not says[wanted]:
        return None
    command = next((c.text for c in ground.commands.all if c.config == path), f"{launchers[0][0]} {path}")
    candidate = Candidate(path, command, None)
    candidate.add(
        0.72,
        f"names {name} ({file})" + (f", which trains a model ({fits[0].how})" if wanted == "train" else "") + f", for `{launchers[0][0]}`",
    )
    if wanted == "train" and roles.says_train(path):
        candidate.add(0.06, "its name says training")
    if wanted == "train" and roles.says_other_than_train(path):
        candidate.add(-0.08, "its name says another purpose")
    judge_place(candidate)
    return candidate


def _spaced(name: str) -> str:
    """`EvaluationsJob` as `Evaluations_Job`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
