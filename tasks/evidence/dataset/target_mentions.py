"""What code and configuration say the target is: names in quotes beside `y =`, `drop`, `target_col`, a formula, `iloc[:, -1]`."""

from __future__ import annotations

import re
from typing import NamedTuple

LINE_LIMIT = 2_000
MENTIONS_LIMIT = 5_000
VARIABLES_LIMIT = 50
LAST_COLUMN = "\0last"
"""Stands for whatever column is last."""

_Q = r"[\"']([^\"'\n]{1,80})[\"']"
_HOLDER = (
    r"(?:self\.)?(?:\w{0,30}?_)?(?:[yY](?:_?(?:train|test|val|valid|all|true|full|data)\w{0,8}|\d|_\w{1,12})?|"
    r"(?:target|label|response|outcome|Target|Label|TARGET|LABEL)s?(?:_\w{1,12}|\d)?)"
)
_COLUMN_OF = rf"[\w.]{{1,60}}(?:\.loc|\.iloc)?(?:\.pop\(\s*|\[\s*(?::\s*,\s*)?\[?\s*|\.select\(\s*|\.get\(\s*){_Q}"
_ASSIGNED = re.compile(rf"^\s*{_HOLDER}(?:\s*:\s*[\w.\[\], ]{{1,40}})?\s*=\s*(?:[\w.]{{1,40}}\(\s*)?{_COLUMN_OF}\s*\]?[\])]")
_ASSIGNED_PAIR = re.compile(
    rf"^\s*[\w.]{{1,40}}\s*,\s*{_HOLDER}\s*=\s*.{{1,300}},\s*(?:[\w.]{{1,40}}\(\s*)?{_COLUMN_OF}\s*\]?[\])](?:\.values|\.to_numpy\(\))?\s*$"
)
_ATTRIBUTE = re.compile(
    rf"^\s*{_HOLDER}\s*=\s*\(?(?:[\w.]{{1,40}}\(\s*)?\w{{0,20}}(?:df|data|train|test|frame|full)\w{{0,20}}\.([A-Za-z]\w{{0,60}})(?![\w(])"
)
_KEY = re.compile(
    r"(?:^|[\s,({\[.\"'-])((?:[A-Za-z]{1,20}[_-])?(?:target|label|response|outcome|dependent|y)[_ -]?(?:col|column|name|var|"
    r"variable|feature|field|attribute|"
    r"cols|columns|key|names|features|column_name|col_name|column_names)?)"
    rf"[\"']?\s*(?:(?::\s*[\w.\[\]| ]{{1,30}})?=|:|<-)\s*(?:r|f)?[\[(]?\s*{_Q}",
    re.I,
)
_YAML_KEY = re.compile(
    r"^\s*-?\s*[\"']?((?:\w{1,20}_)?(?:target|label|response|outcome|dependent)(?:_?(?:col|column|name|var|variable|feature|field|"
    r"column_name|col_name))?)[\"']?"
    r"\s*[:=]\s*[\"']?([A-Za-z][\w .()/-]{0,60}?)[\"']?\s*(?:#.{0,200})?$",
    re.I,
)
_ARGUMENT_DEFAULT = re.compile(
    rf"[\"']--(?:target|label|response|y)(?:[_-](?:col|column|name|feature|variable))?[\"'].{{0,200}}?default\s*=\s*{_Q}"
)
_DROPPED = re.compile(rf"^(.{{0,200}}?)\.drop\(\s*(?:columns\s*=\s*|labels\s*=\s*)?(\[?)\s*{_Q}\s*([\]),])")
_FIT = re.compile(
    rf"(?:\.fit|train_test_split|cross_val_score|Dataset|DMatrix)\(.{{1,300}}?,\s*(?:label\s*=\s*|y\s*=\s*)?{_COLUMN_OF}\s*\]"
)
_RENAMED = re.compile(rf"(?:rename|\.columns)\b.{{0,300}}?{_Q}\s*:\s*[\"'](?:target|label|labels|class|outcome|y)[\"']")
_STRATIFIED = re.compile(rf"stratify\s*=\s*{_COLUMN_OF}\s*\]")
_STRATIFIED_NAME = re.compile(rf"stratify\s*=\s*{_Q}")
_COUNTED = re.compile(rf"\[\s*{_Q}\s*\]\.value_counts\(|countplot\((?:x\s*=\s*)?{_Q}|hue\s*=\s*{_Q}")
_FORMULA = re.compile(r"(?:^|[\s(,\"'=`])(?:log\(|factor\(|as\.factor\(|Surv\()?([A-Za-z][\w.]{0,60})\)?\s*~\s*(?:\.|[A-Za-z(0-9])")
_LAST = re.compile(rf"^\s*(?:[\w.]{{1,40}}\s*,\s*)?{_HOLDER}\s*=.{{0,200}}?\[\s*:\s*,\s*-1\s*:?\s*\]")
_VIA_NAME = re.compile(
    rf"^\s*(?:[\w.]{{1,40}}\s*,\s*)?{_HOLDER}\s*=\s*.{{0,200}}?[\w\])]\[\s*(?::\s*,\s*)?\[?([A-Za-z_]\w{{0,60}})\]?\s*\]"
)
_R_COLUMN = re.compile(rf"^\s*{_HOLDER}\s*<-\s*[\w.]{{1,40}}\$([A-Za-z][\w.]{{0,60}})\s*$")
_SCHEMA_CLASS = re.compile(r"^class\s+(?:\w{0,40}?)(?:Targets?|Labels?)(?:\w{0,20})\s*\(")
_SCHEMA_FIELD = re.compile(r"^\s+([a-z]\w{0,60})\s*:\s*[\w.\[\]]")
_PLOTTING = re.compile(
    r"(?i)\b(?:sns|plt|px|ax\w{0,3}|fig|alt|plot\w{0,20}|go|ggplot|aes|seaborn|scatter\w*|barplot|lineplot|set_\w+|xlabel|ylabel|legend)\b"
)
_NOT_NAMES = frozenset(
    ["target", "label", "y", "x", "none", "true", "false", "auto", "str", "int", "float", "test", "train", "int64", "float32", "long",
     "data",
     "text", "string", "number", "button", "submit", "category", "categorical", "numeric", "", "utf-8", "w", "r", "rb", "values", "name"]
)  # fmt: skip
"""Values of a key `target` or `label` that are seldom a column; those that are one are known by their own name."""


class Mention(NamedTuple):
    """One place that speaks for a column as the target."""

    name: str
    file: str
    line: int
    weight: float
    """5 says so outright, 1 is a hint."""
    reason: str


def find_mentions(texts: list[tuple[str, str]]) -> list[Mention]:
    """All mentions, in the order of files and lines, bounded."""
    found: list[Mention] = []
    for path, text in texts:
        is_code = path.lower().endswith((".py", ".pyw", ".ipynb", ".r", ".rmd", ".qmd", ".jl"))
        found += _in_text(path, text, is_code)
        if len(found) > MENTIONS_LIMIT:
            break
    return found[:MENTIONS_LIMIT]


def _in_text(path: str, text: str, is_code: bool) -> list[Mention]:
    found: list[Mention] = []
    schema, held = False, dict[str, list[str]]()
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_LIMIT or not line.strip() or line.lstrip().startswith(("#", "//")):
            continue
        if is_code:
            schema = bool(_SCHEMA_CLASS.match(line)) or (schema and not line[:1].strip())
            if schema and (field := _SCHEMA_FIELD.match(line)):
                found.append(Mention(field[1], path, number, 2.0, "a field of the target's schema"))
        items = _in_line(line) if is_code else _in_configuration(line)
        if is_code and (match := _VIA_NAME.match(line)):
            if match[1] not in held and len(held) < VARIABLES_LIMIT:
                held[match[1]] = _held_by(match[1], text)
            items += [(name, 4.5, "assigned to the target variable by a name") for name in held.get(match[1], [])]
        found += [Mention(name.strip(), path, number, weight, reason) for name, weight, reason in items if name and name.strip()]
    return found


def _held_by(variable: str, text: str) -> list[str]:
    """The column that a variable holds, as a text or a list of one."""
    match = re.search(rf"(?m)^[ \t]*{re.escape(variable)}\s*=\s*\[?\s*{_Q}\s*(?:\]|$|#)", text)
    return [match[1]] if match else []


def _in_configuration(line: str) -> list[tuple[str, float, str]]:
    match = _YAML_KEY.match(line)
    if match and match[2].strip().lower() not in _NOT_NAMES:
        return [(match[2], 4.0, f"configuration key `{match[1]}`")]
    return []


def _in_line(line: str) -> list[tuple[str, float, str]]:
    found: list[tuple[str, float, str]] = []
    quoted = '"' in line or "'" in line
    if quoted:
        for pattern, weight, reason in _QUOTED_PATTERNS:
            if (match := pattern.search(line)) and (name := next((g for g in match.groups() if g), None)):
                found.append((name, weight, reason))
        found += _dropped(line)
        found += _keyed(line)
    if "=" in line and "." in line and (match := _ATTRIBUTE.match(line)):
        found.append((match[1], 4.5, "assigned to the target variable"))
    if "~" in line and not line.lstrip().startswith(("'", '"""')) and (match := _FORMULA.search(line)):
        found.append((match[1], 4.0, "left side of a model formula"))
    if "<-" in line and (match := _R_COLUMN.match(line)):
        found.append((match[1], 4.5, "assigned to the target variable"))
    if "-1" in line and _LAST.match(line):
        found.append((LAST_COLUMN, 4.0, "the last column by position is assigned to the target variable"))
    return found


_QUOTED_PATTERNS = (
    (_ASSIGNED, 5.0, "assigned to the target variable"),
    (_ASSIGNED_PAIR, 5.0, "assigned to the target variable"),
    (_ARGUMENT_DEFAULT, 5.0, "default of a target option"),
    (_FIT, 3.5, "second argument of a fit or split"),
    (_RENAMED, 4.0, "renamed to the target's name"),
    (_STRATIFIED, 3.0, "the split is stratified by it"),
    (_STRATIFIED_NAME, 3.0, "the split is stratified by it"),
    (_COUNTED, 0.5, "its values are counted or coloured in a plot"),
)


def _dropped(line: str) -> list[tuple[str, float, str]]:
    match = _DROPPED.match(line)
    if not match:
        return []
    before, listed, name, after = match.groups()
    if listed and after == ",":
        return [(name, 0.3, "dropped with others")]
    if re.match(r"\s*(?:self\.)?(?:X|x|features?|inputs?|predictors)\w{0,20}\s*(?:,[^=]{0,40})?=", before):
        return [(name, 4.0, "dropped to leave the inputs")]
    for_good = re.search(r"inplace\s*=\s*True", line) or re.match(r"\s*(\w{1,60})\s*=\s*\1\s*$", before)
    return [(name, 0.3, "dropped for good")] if for_good else [(name, 1.0, "dropped alone")]


def _keyed(line: str) -> list[tuple[str, float, str]]:
    match = _KEY.search(line)
    if not match:
        return []
    key, name = match.groups()
    if "{" in name or "/" in name or len(name.split()) > 6:
        return []
    bare = re.fullmatch(r"(?i)y|label|labels|target|targets", key) is not None
    if name.lower() in _NOT_NAMES and bare:
        return []
    if bare and (_PLOTTING.search(line) or key.lower().startswith(("label", "y"))):
        return [(name, 0.5, f"value of `{key}`")] if not _PLOTTING.search(line) else []
    return [(name, 4.5, f"value of `{key}`")]
