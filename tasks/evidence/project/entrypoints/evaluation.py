"""What a person runs to judge a model: a script of its own where there is one, else the place in training that measures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.evaluation.metric_names import standard_name
from tasks.evidence.evaluation.metric_texts import metrics_in_code
from tasks.evidence.project.entrypoints import roles, traits
from tasks.evidence.project.entrypoints.candidate import Candidate, judge_place
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.tools import config_candidates, is_configured
from tasks.evidence.project.entrypoints.traits import SAMPLES
from tasks.evidence.project.facts import Entrypoint
from tasks.evidence.source import Call, SourceFile

_LANGUAGE = re.compile(r"\.(?:[rR]|[rR]md|qmd|jl|lua)$")
_MEASURES = re.compile(
    r"(?i)\b(?:val|valid|validation|test|eval|dev|holdout|oof|cv)_?(?:loss|acc\w*|scores?|metrics?|errors?|data\w*|set|loader|iter|ds|dl|step|x|y|split|"
    r"ppl|sets|generator|gen|preds?)\b|(?<![a-z])(?:accurac(?:y|ies)|acc|rmse|mae|auc|f1|bleu|perplexity|rewards?)(?![a-z])|\.score\(|score_\b|"
    r"valid_sets|eval_set|validation_|cross_val|kfold|\bevaluate\(|confusionmatrix|conf_mat|collect_metrics|\breport\b|evaluat(?:ing|ion)|[xy]_(?:test|val\w{0,4}|dev)\b|(?<!_)metrics?\b"
)
"""Words without which a training tells nothing of how good its model is."""


def evaluation_candidates(ground: Ground, train: tuple[Entrypoint, ...]) -> list[Candidate]:
    found = _own_scripts(ground, train[0].file if train else None)
    if is_configured(train):
        found += config_candidates(ground, "eval")
    if train:
        found += [*_in_other_languages(ground), *_named_modules(ground), *_within_training(ground, train)]
    return found


def _own_scripts(ground: Ground, best: str | None) -> list[Candidate]:
    """Runnable files that measure without training; by name, or because they load a fitted model."""
    found = []
    for path in ground.runnable:
        source = ground.sources[path]
        reach = ground.graph.from_run(path)
        judging, done = ground.judging(reach), ground.doing(reach)
        named, loading, trains = roles.says_eval(path), "loads" in done, bool(ground.trained_by(path, reach))
        if path == best or traits.is_web_app(source) or traits.is_scheduled(source) or (trains and not (named and judging)):
            continue
        if not judging and named and best and (loading or _names_a_metric(source)):
            found.append(_comparing(ground, path, source, loading))
        if not judging or not (named or loading):
            continue
        file, call = next(((p, c) for p, c in judging if p == path), judging[0])
        candidate = Candidate(path, ground.command_for(path), call.line if file == path else source.main_line, is_program=True)
        without = "" if trains else " without training one"
        candidate.add(0.4 if trains else 0.5, f"measures a model{without} ({call.attribute}, {file} line {call.line})")
        if loading:
            candidate.add(0.12, "loads a fitted model")
        if named:
            candidate.add(0.25, "its name says evaluation")
        if roles.says_serve(path) and not named:
            candidate.add(-0.12, "its name says prediction")
        if source.is_notebook:
            candidate.add(-0.2, "a notebook")
        if ground.told(path):
            candidate.add(0.05, f"documented ({ground.told(path)[0].source}:{ground.told(path)[0].line})")
        judge_place(candidate)
        found.append(candidate)
    return found


def _names_a_metric(source: SourceFile) -> bool:
    return any(standard_name(text) for text, _ in source.strings if len(text) <= 30)


def _comparing(ground: Ground, path: str, source: SourceFile, loading: bool) -> Candidate:
    """A step called evaluation that loads a model, or reads metrics which training logged."""
    candidate = Candidate(path, ground.command_for(path), source.main_line, is_program=True)
    candidate.add(0.66, "its name says evaluation, and it " + ("loads a fitted model" if loading else "reads a metric"))
    judge_place(candidate)
    return candidate


def _in_other_languages(ground: Ground) -> Iterator[Candidate]:
    """R, Julia and Lua files named evaluation that measure, or load a model."""
    for path in ground.snapshot.matching(r"\.(?:R|r|Rmd|rmd|jl|lua)$"):
        if roles.is_test(path) or not roles.says_eval(path) or path in ground.certain:
            continue
        text = ground.snapshot.text(path) or ""
        measured = next(metrics_in_code(path, text), None)
        if measured or SAMPLES.search(text):
            candidate = Candidate(path, ground.command_for(path), measured.line if measured else None)
            candidate.add(0.66, "its name says evaluation, and it " + (f"measures {measured.name}" if measured else "loads a model"))
            judge_place(candidate)
            yield candidate


def _named_modules(ground: Ground) -> list[Candidate]:
    """Modules called evaluation that measure, though nothing runs them alone."""
    found = []
    for path, source in ground.sources.items():
        if roles.is_test(path) or not roles.says_eval(path) or source.is_notebook or path in ground.certain or path.endswith("__init__.py"):
            continue
        judging: list[Call] = [c for c in source.calls if traits.judges(c)]
        if judging and not any(c.name.startswith("pytest") for c in source.calls):
            candidate = Candidate(path, ground.command_for(path), judging[0].line)
            candidate.add(0.66, f"its name says evaluation and it measures ({judging[0].attribute}, line {judging[0].line})")
            if any(traits.loads(c) for c in source.calls):
                candidate.add(0.06, "loads a fitted model")
            judge_place(candidate)
            found.append(candidate)
    return found


def _within_training(ground: Ground, train: tuple[Entrypoint, ...]) -> list[Candidate]:
    """Where the best training entries measure: their own file first, else the file that their run comes to."""
    found = []
    for rank, entry in enumerate(train[:3]):
        base = min(0.62, 0.25 + 0.42 * entry.confidence) - 0.02 * rank
        if entry.file not in ground.sources and entry.file not in ground.through:
            if entry.file.endswith(".sh") and any(not e.file.endswith(".sh") for e in train):
                continue
            if _LANGUAGE.search(entry.file) and not _MEASURES.search(_code(ground, entry.file)):
                continue
            found.append(_measured(entry.file, entry.command, base, "the training is also where the model is measured"))
            continue
        reach = ground.through.get(entry.file) or ground.graph.from_run(entry.file, handlers=True)
        files = ground.judged_files(reach)
        if not files and not any(_MEASURES.search(_code(ground, p)) for p in {entry.file, *reach.files}):
            continue
        if entry.file in files or not files:
            note = "training measures the model itself" if files else "the training prints or keeps its own scores"
            found.append(_measured(entry.file, entry.command, base if files else base - 0.08, note))
        else:
            found.append(_measured(files[0], entry.command, base, f"measures the model when {entry.file} runs"))
            found.append(_measured(entry.file, entry.command, base - 0.06, f"its run measures the model in {files[0]}"))
    return found


def _code(ground: Ground, path: str) -> str:
    """What a file says in code; a notebook's outputs and prose are left out."""
    source = ground.sources.get(path)
    return source.notebook.code if source and source.notebook else ground.snapshot.text(path) or ""


def _measured(path: str, command: str, weight: float, note: str) -> Candidate:
    candidate = Candidate(path, command)
    candidate.add(weight, note)
    return candidate
