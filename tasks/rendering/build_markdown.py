"""`report.md` of a build: the same facts as the page, in Markdown that no name in the data can break."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.modelling.plots.plot import Plot
from tasks.rendering import build as telling
from tasks.rendering import reading
from tasks.rendering.build_artifacts import bullets, contract_markdown, final_markdown, table
from tasks.rendering.markdown_text import cell_free_code as code
from tasks.rendering.markdown_text import prose, text
from tasks.rendering.wording import count, listed
from tasks.rules.building.result import BuildResult


def render_build_markdown(result: BuildResult, plots: Sequence[Plot] = ()) -> str:
    """The whole build as Markdown; plots are linked as files in the folder `plots`."""
    sections = [
        ("", final_markdown(result)), ("The plots that matter", _plots(plots[:3])), ("Contract", contract_markdown(result.contract)),
        ("Data and split", _data(result)), ("Leaks", _leaks(result)), ("Loops of the critic", _loops(result)),
        ("Candidates", _candidates(result)), ("Parts of the sealed test", _slices(result)), ("Features", _features(result)),
        ("Plots", _plots(plots[3:])), ("How to use it", _use(result)), ("How it was made", _method(result)),
    ]  # fmt: skip
    told = [f"## {title}\n\n{body}" if title else body for title, body in sections if body]
    return "\n\n".join([f"# Build of a model for {text(result.contract.target)}", *told]) + "\n"


def _data(result: BuildResult) -> str:
    rows = telling.data_rows(result) + (telling.split_rows(result.split) if result.split else [])
    notes = telling.notes_of(result)
    parts = [bullets(f"{name}: {value}" for name, value in rows)] if rows else []
    parts += [f"What was done to rows, columns and files:\n\n{bullets(notes)}"] if notes else []
    return "\n\n".join(parts)


def _leaks(result: BuildResult) -> str:
    rows = [(r["columns"], r["kind"], r["evidence"], r["done"]) for r in telling.leak_rows(result.leaks)]
    return table(("columns", "what they are", "evidence", "done"), rows) if rows else ""


def _loops(result: BuildResult) -> str:
    rows = [(r["loop"], r["score"], r["gain"], f"{r['route']}: {r['reasons']}", r["change"]) for r in telling.loop_rows(result.loops)]
    return table(("loop", "score", "gain", "decision and reasons", "change for the next loop"), rows) if rows else ""


def _candidates(result: BuildResult) -> str:
    board = telling.candidate_rows(result.candidates, result.contract)[: telling.CANDIDATES_SHOWN]
    rows = [(r["rank"], r["family"], r["view"], r["score"], r["folds"], r["seconds"], r["status"]) for r in board]
    if not rows:
        return ""
    left = len(result.candidates) - len(board)
    more = f"\n\n{count(left, 'more candidate')} in report.json." if left > 0 else ""
    return table(("#", "family", "view", telling.metric_words(result.contract.metric), "folds", "seconds", "status"), rows) + more


def _slices(result: BuildResult) -> str:
    rows = [(r["part"], r["rows"], r["score"], r["interval"], r["worse"]) for r in telling.slice_rows(result.slices)[:12]]
    return table(("part", "rows", "score", "95 % interval", ""), rows) if rows else ""


def _features(result: BuildResult) -> str:
    features = result.features
    told = [f"{count(features.columns_in, 'column')} in, {count(features.features_out, 'feature')} out"] if features.features_out else []
    told += [f"Not used: {t.column} ({t.reason})" for t in result.dropped[: telling.TRACKS_SHOWN]]
    told += [f"{name}: {telling.percent(share)} of the importance" for name, share in features.importances[:15]]
    told += [f"Written by the language model and kept: {name}" for name in features.generated]
    return bullets([*told, *(f"Written by the language model and refused: {why}" for why in features.rejected)])


def _plots(plots: Sequence[Plot]) -> str:
    return "\n\n".join(f"![{text(p.title)}](plots/{p.file_light})\n\n{text(p.caption)}" for p in plots)


def _use(result: BuildResult) -> str:
    predict = telling.predict_command(result)
    told = [f"- Predict: {code(predict)}"] if predict else []
    told.append(f"- Build it again: {code(telling.reproduce_command(result))}")
    told += [f"- {code(row['path'])}: {text(row['what'])}, {row['size']}" for row in telling.file_rows(result.files)]
    told += [f"- {e.form}: {'ready' if e.done else 'not exportable'}{f': {prose(e.reason)}' if e.reason else ''}" for e in result.exports]
    return "\n".join(told)


def _method(result: BuildResult) -> str:
    told = [reading.model_words(result.model), result.model_added, f"Time: {telling.budget_words(result)}, seed {result.seed}"]
    told += [f"Seconds by step: {listed([f'{n} {s:.1f}' for n, s in result.timings.items()], 20)}"] if result.timings else []
    told += [f"Circumstances: {listed([f'{n} {v}' for n, v in result.environment.items()], 20)}"] if result.environment else []
    return bullets([t for t in told if t])
