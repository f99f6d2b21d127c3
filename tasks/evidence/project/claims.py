"""Numbers the repository says its models reached: in README and docs, model cards, notebook text and notebook outputs.

A claim is a metric's name beside a number that such a metric can have. Versions, dates, settings and prices are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tasks.evidence.evaluation.metric_names import standard_name
from tasks.evidence.notebook import Notebook
from tasks.evidence.place import clip
from tasks.evidence.project.facts import Claim
from tasks.evidence.snapshot import Snapshot

CLAIMS_LIMIT = 60
PER_FILE_LIMIT = 20
NOTEBOOKS_LIMIT = 40
"""Notebooks that are looked at for claims."""
LINE_LIMIT = 600
"""Characters of a line that are looked at."""
DOCUMENTS_LIMIT = 60

_README = re.compile(r"(?:^|/)readme[^/]*\.(?:md|rst|txt|markdown|org)$|(?:^|/)readme$", re.IGNORECASE)
_CARD = re.compile(r"(?:^|/)model[-_ ]?card[^/]*\.(?:md|rst|txt|ya?ml)$", re.IGNORECASE)
_DOCS = re.compile(
    r"(?:^|/)(?:docs?|reports?|results?)/[^.][^/]*\.(?:md|rst|txt)$|(?:^|/)(?:results?|report|benchmarks?)\.(?:md|rst|txt)$", re.IGNORECASE
)

_METRIC = (
    r"(?:(?:balanced|categorical|top[- ]?[15]|binary)[ _-]?(?:accuracy|acc)|accuracy|accurancy|acc|roc[ _-]?auc|auc[ _-]?roc|auroc|pr[ _-]?auc|auc|"
    r"(?:mean[ _-])?average[ _-]precision|precision|recall|sensitivity|specificity|f1|f-?1[ _-]?score|f[ _-]?(?:score|measure)|rmsle|rmse|mape|smape|mae|mse|"
    r"root[ _-]mean[ _-]squared?[ _-](?:log[ _-])?error|mean[ _-]squared?[ _-](?:log[ _-])?error|mean[ _-]absolute[ _-](?:percentage[ _-])?error|"
    r"r2|r\^2|r²|r[ _-]squared?|mcc|log[ _-]?loss|logloss|matthews[ _-]corr\w*|cohen'?s?[ _-]kappa|kappa|bleu(?:-?4)?|rouge-?[12l]?|meteor|chrf|perplexity|ppl|wer|cer|"
    r"m?ap50|map|miou|mean[ _-]iou|iou|dice(?:[ _-](?:score|coefficient))?|ndcg|mrr|silhouette(?:[ _-](?:score|coefficient))?|fid|psnr|ssim|exact[ _-]match|"
    r"spearman\w*|pearson\w*|explained[ _-]variance|test[ _-]loss|val(?:idation)?[ _-]loss)"
)
_NUMBER = r"(?P<value>[-+]?(?:\d{1,7}(?:,\d{3})*)?\.\d{1,17}(?:e[-+]?\d{1,3})?|[-+]?\d{1,7}(?:,\d{3})*(?:\.\d{1,17})?(?:e[-+]?\d{1,3})?)(?P<unit>\s?%)?"
_FILLER = (
    r"(?:\s|[*_`:=≈~><|]|&nbsp;|\bscores?\b|\bvalues?\b|\bof\b|\bis\b|\bwas\b|\bwere\b|\bat\b|\bto\b|\babout\b|\baround\b|\bapprox(?:imately)?\b\.?|\bover\b|"
    r"\babove\b|\bup\b|\bnearly\b|\balmost\b|\ba\b|\ban\b|\bthe\b|\bon\b|\bin\b|\bfor\b|\bour\b|\bmy\b|\btest(?:ing)?\b|\btrain(?:ing)?\b|\bvalid(?:ation)?\b|"
    r"\bval\b|\bdev\b|\bhold-?out\b|\bset\b|\bdata(?:set)?\b|\bmodel\b|\breach(?:ed|es)\b|\bachiev(?:ed|es)\b|\bobtained\b|\bequals?\b|\bbest\b|\bfinal\b|"
    r"\bgot\b|\bwe\b|\bnow\b|\broughly\b|\bapproximately\b|\b(?:macro|micro|weighted)\b|\(\w{1,20}(?: \w{1,20})?\)|[-–—](?=\s)|->|→){1,12}?"
)
_AFTER = r"(?:\s?[-–]\s?\d{1,4}(?:\.\d{1,6})?(?P<range>\s?%)?)?(?![\w/.-]*[\w/])"
_NAME_FIRST = re.compile(rf"(?<![\w/.-])(?P<name>{_METRIC})(?![\w-]|\.\w)(?:{_FILLER})?\s*{_NUMBER}{_AFTER}", re.IGNORECASE)
_NAME_THEN_VERB = re.compile(
    rf"(?<![\w/.-])(?P<name>{_METRIC})(?![\w-]|\.\w)(?:\s+(?!by\b|improv|increas|decreas|drop|and\b)[\w'()-]{{1,20}}){{1,9}}?\s*"
    rf"(?::|=|\bis\b|\bwas\b|\bof\b|\breache[sd]\b|\bachieve[sd]\b|\babout\b|\baround\b)\s*[~≈*]{{0,3}}\s*{_NUMBER}{_AFTER}",
    re.IGNORECASE,
)
_VALUE_FIRST = re.compile(
    rf"(?<![\w./$€£#-]){_NUMBER}\s{{0,2}}(?:in |of |for )?(?:the )?(?:mean |average |test |testing |validation |val |train |training |overall |top-1 |cv |"
    rf"cross-validation |classification |weighted |macro |micro )?(?P<name>{_METRIC})(?![\w-])",
    re.IGNORECASE,
)
_BARE_SCORE = re.compile(rf"\bscore\s*(?:is|of|was|[=:≈])\s*{_NUMBER}(?![\w/.-]*[\w/])", re.IGNORECASE)
_URL = re.compile(r"!\[[^\]]{0,200}\]\([^)]{0,400}\)|https?://[^\s)>\]]{1,500}|\]\([^)]{0,400}\)|<[^>]{0,300}>|`[^`]{0,20}/[^`]{0,200}`")
_NOT_A_RESULT = re.compile(
    r"learning[ _-]?rate|\blr\b|threshold|batch[ _-]?size|\bepochs?\s*=|early[ _-]?stop|if\s.{0,40}[<>]|at least|target of|should be|goal|must be|require[sd]? |"
    r"minimum|baseline of|\bversion\b|price|expected to|aim(?:s|ing)? (?:for|to)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_CELL_NUMBER = re.compile(rf"^[\s*_`~≈<>]*{_NUMBER}(?:\s*(?:±|\+/-|\(|,).*)?[\s*_`]*$", re.IGNORECASE)
_EPOCH = re.compile(r"\bepoch\b|\bstep\b|\biter(?:ation)?\b|\d+/\d+ \[|\bETA\b|it/s", re.IGNORECASE)
_FIT_LINE = re.compile(r"(\w{0,20}?(?:accuracy|acc|auc|mae|mse|rmse|precision|recall|f1))\s*:\s*" + _NUMBER, re.IGNORECASE)

UNBOUNDED = frozenset(
    [
        "mse",
        "rmse",
        "mae",
        "mape",
        "smape",
        "medae",
        "msle",
        "rmsle",
        "log_loss",
        "loss",
        "multi_logloss",
        "perplexity",
        "fid",
        "psnr",
        "average_loss",
        "max_error",
        "wer",
        "cer",
        "reward",
        "r2",
    ]
)
"""Metrics whose value may be larger than one hundred, or, like r2, below zero."""


class _Hit(NamedTuple):
    name: str
    value: float
    unit: str
    line: int
    snippet: str


def find_claims(snapshot: Snapshot) -> tuple[Claim, ...]:
    """Claims of the README first, then model cards, docs, notebook text and notebook outputs; at most the limit."""
    claims = [*_in_documents(snapshot), *_in_notebooks(snapshot)]
    unique: dict[tuple[str, float, str, str], Claim] = {}
    for claim in claims:
        unique.setdefault((claim.name, claim.value, claim.unit, claim.file), claim)
    return tuple(list(unique.values())[:CLAIMS_LIMIT])


def _in_documents(snapshot: Snapshot) -> Iterator[Claim]:
    ranked = sorted((r, p.count("/"), p) for p in snapshot.own if (r := _rank(p)) is not None)
    for rank, _, path in ranked[:DOCUMENTS_LIMIT]:
        text = snapshot.text(path) or ""
        source = "model_card" if rank == 1 or re.search(r"(?m)^model-index:", text[:20_000]) else "readme" if rank == 0 else "docs"
        for hit in _hits(text, prose=True)[:PER_FILE_LIMIT]:
            yield _claim(hit, path, source)


def _rank(path: str) -> int | None:
    for rank, pattern in enumerate((_README, _CARD, _DOCS)):
        if pattern.search(path):
            return rank
    return None


def _in_notebooks(snapshot: Snapshot) -> Iterator[Claim]:
    texts: list[Claim] = []
    outputs: list[Claim] = []
    for path in snapshot.matching(r"\.ipynb$")[:NOTEBOOKS_LIMIT]:
        source = snapshot.source(path)
        if source is None or source.notebook is None:
            continue
        texts += [_claim(h, path, "notebook_markdown") for h in _markdown_hits(source.notebook)[:PER_FILE_LIMIT]]
        outputs += [_claim(h, path, "notebook_output") for h in _output_hits(source.notebook)[-PER_FILE_LIMIT:]]
    yield from texts
    yield from outputs


def _claim(hit: _Hit, path: str, source: str) -> Claim:
    return Claim(name=hit.name, value=hit.value, unit=hit.unit, file=path, line=hit.line, source=source, snippet=clip(hit.snippet))


def _markdown_hits(notebook: Notebook) -> list[_Hit]:
    cells = (c for c in notebook.cells if c.kind == "markdown")
    return [h._replace(line=c.line + h.line - 1) for c in cells for h in _hits(c.source, prose=True)]


def _output_hits(notebook: Notebook) -> list[_Hit]:
    """The output stands in the cell that printed it; of a training log only the last line counts."""
    found: list[_Hit] = []
    for cell in notebook.cells:
        if cell.kind != "code" or not cell.output:
            continue
        lines = cell.output.split("\n")
        logged = [n for n, line in enumerate(lines) if _EPOCH.search(line[:LINE_LIMIT]) or _is_fit_line(line)]
        kept = [line if n not in logged else "" for n, line in enumerate(lines)]
        hits = _hits("\n".join(kept), prose=False)
        if logged:
            hits += list(_fit_line(lines[logged[-1]]))
        found += [h._replace(line=cell.line) for h in hits]
    return found


def _is_fit_line(line: str) -> bool:
    return "loss:" in line and len(_FIT_LINE.findall(line[:LINE_LIMIT])) >= 1


def _fit_line(line: str) -> Iterator[_Hit]:
    text = line.replace("\b", "")[-LINE_LIMIT:]
    for match in _FIT_LINE.finditer(text):
        if (name := standard_name(match.group(1))) and (hit := _hit(name, match, 1, text)):
            yield hit


def _hits(text: str, prose: bool) -> list[_Hit]:
    found: list[_Hit] = []
    fenced = False
    lines = text.split("\n")
    tables = dict(_table_hits(lines))
    index = _model_index(lines)
    for number, raw in enumerate(lines, 1):
        if raw.lstrip().startswith("```"):
            fenced = not fenced
        if number in tables:
            found += tables[number]
        elif number in index:
            found.append(index[number])
        elif not raw.lstrip().startswith("|") or raw.count("|") < 3:
            found += _line_hits(raw[:LINE_LIMIT], number, prose and not fenced)
    return found


def _line_hits(raw: str, number: int, prose: bool) -> list[_Hit]:
    line = _URL.sub(" ", raw)
    if not any(c.isdigit() for c in line):
        return []
    hits: list[_Hit] = []
    if row := _report_row(line, number):
        return row
    spans: list[tuple[int, int]] = []
    for pattern in (_NAME_FIRST, _VALUE_FIRST, _NAME_THEN_VERB):
        for match in pattern.finditer(line):
            if any(match.start() < b and a < match.end() for a, b in spans) or _is_setting(line, match):
                continue
            if (name := _name(match.group("name"))) and (hit := _hit(name, match, number, raw)):
                hits.append(hit)
                spans.append(match.span())
    if prose and not hits and (bare := _BARE_SCORE.search(line)) and not _is_setting(line, bare) and "." in bare.group("value"):
        hits += [h for h in [_hit("score", bare, number, raw)] if h]
    return hits


def _is_setting(line: str, match: re.Match[str]) -> bool:
    return bool(_NOT_A_RESULT.search(line[max(0, match.start() - 40) : match.end()]))


def _name(text: str) -> str | None:
    word = re.sub(r"'s?\b", "", text.strip().lower())
    return standard_name(word)


def _hit(name: str, match: re.Match[str], line: int, snippet: str) -> _Hit | None:
    """The number as a claim when a metric of that name can have it."""
    text, unit = match.group("value"), "%" if match.group("unit") or match.groupdict().get("range") else ""
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return None
    if name not in UNBOUNDED:
        if not -1 <= value <= 100 or (not unit and "." not in text and value not in (0, 1) and not 50 <= value <= 100):
            return None
        if value == 1 and "." not in text and not unit:
            return None
    elif "." not in text and not unit and re.fullmatch(r"(?:19|20)\d\d", text):
        return None
    return _Hit(name, value, unit, line, snippet)


_REPORT_ROW = re.compile(r"^\s*(accuracy|macro avg|weighted avg|micro avg)\s+((?:[01]\.\d{2,4}\s+){1,3})(\d+)\s*$")


def _report_row(line: str, number: int) -> list[_Hit]:
    """A row of a class report: accuracy, or precision, recall and F1 of the averages."""
    match = _REPORT_ROW.match(line)
    if not match:
        return []
    values = [float(v) for v in match.group(2).split()]
    if match.group(1) == "accuracy":
        return [_Hit("accuracy", values[-1], "", number, line)]
    return [_Hit(n, v, "", number, line) for n, v in zip(("precision", "recall", "f1"), values)] if match.group(1) == "weighted avg" else []


def _cells(line: str) -> list[str]:
    return [re.sub(r"\]\([^)]{0,400}\)|[\[\]*`]", " ", c).strip() for c in line[: 4 * LINE_LIMIT].strip().strip("|").split("|")]


def _heading(text: str) -> tuple[str | None, bool]:
    """The metric a table's heading or row name says, and whether it is in percent."""
    percent = "%" in text
    plain = re.sub(r"\([^)]{0,40}\)|[%↑↓:]", " ", text).strip()
    if len(plain) > 40:
        return None, percent
    name = standard_name(plain)
    if name is None and (match := re.search(rf"(?<![\w-]){_METRIC}(?![\w-])", plain, re.IGNORECASE)):
        name = _name(match.group(0))
    return (None if name in ("confusion_matrix", "classification_report") else name), percent


def _table_hits(lines: list[str]) -> Iterator[tuple[int, list[_Hit]]]:
    """Rows of pipe tables: a column headed by a metric, or a first column that names one."""
    at = 1
    while at < len(lines):
        if not (_SEPARATOR.match(lines[at][:2000]) and "|" in lines[at - 1]):
            at += 1
            continue
        heads = [_heading(c) for c in _cells(lines[at - 1])]
        yield at, []
        row = at + 1
        while row < len(lines) and "|" in lines[row]:
            yield row + 1, _row_hits(heads, lines[row], row + 1)
            row += 1
        at = row


def _row_hits(heads: list[tuple[str | None, bool]], line: str, number: int) -> list[_Hit]:
    cells = _cells(line)
    named = [(n, c, p) for (n, p), c in zip(heads, cells) if n]
    if not any(n for n, _ in heads[1:]) and cells:
        name, percent = _heading(cells[0])
        named = [(name, c, percent) for c in cells[1:]] if name else []
    hits = []
    for name, cell, percent in named:
        match = _CELL_NUMBER.match(cell[:80])
        if match and (hit := _hit(name, match, number, line)):
            hits.append(hit._replace(unit="%") if percent and not hit.unit else hit)
    return hits


def _model_index(lines: list[str]) -> dict[int, _Hit]:
    """`type:` and `value:` pairs of a model card's metadata."""
    found: dict[int, _Hit] = {}
    if not any(line.startswith("model-index:") for line in lines[:400]):
        return found
    kind = None
    for number, line in enumerate(lines[:400], 1):
        if match := re.match(r"\s*-?\s*(?:type|name):\s*[\"']?([\w ]{2,40})[\"']?\s*$", line[:LINE_LIMIT]):
            kind = standard_name(match.group(1)) or kind
        elif kind and (match := re.match(rf"\s*-?\s*value:\s*[\"']?{_NUMBER}", line[:LINE_LIMIT])):
            if hit := _hit(kind, match, number, line):
                found[number] = hit
            kind = None
    return found
