"""How code treats the columns of a table: which it leaves out, how many it names, whether it handles empty cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAMED_SHARE = 0.5
"""When code names at least this proportion of a table's columns, it chooses its inputs by name."""
LISTED_COLUMNS = 2
LISTS_LIMIT = 5_000
_LIST = re.compile(r"\[\s{0,40}[\"'][^\[\]]{3,3000}\]")
_QUOTED = re.compile(r"[\"']([^\"'\n]{1,80})[\"']|\$([A-Za-z][\w.]{0,80})")
_BY_POSITION = re.compile(r"index_col\s*=\s*(?:0|\[0)|\.iloc\[\s*:\s*,\s*[1-9]")
_NULLS = re.compile(
    r"\b(?:fillna|dropna|fill_null|drop_nulls|na_omit|drop_na|replace_na|interpolate|SimpleImputer|KNNImputer|IterativeImputer|"
    r"Imputer|impute\w*|"
    r"step_impute\w*|ffill|bfill|HistGradientBoosting\w*|xgboost|lightgbm|catboost|XGB\w+|LGBM\w+|CatBoost\w+|autogluon|pycaret|h2o)\b|"
    r"\bna\.(?:omit|rm|action)\b|\bcomplete\.cases\b|(?i:\bwhere\b[^\n]{1,80}\bis not null\b)"
)
_LEAVES_OUT = (
    r"(?:\bdrop\w{0,12}\s*\(|\bdel\s|\.pop\(|(?i:(?:drop|exclude|ignore|remove|leak|unused|index_col|id_col|"
    r"identifier)\w{0,20})[\"']?\s*[=:]|"
    r"\.difference\(|\bselect\(\s*-|\bnot in\b|set_index\(|!=\s*|update_role\(|\bstep_rm\()"
)


@dataclass(frozen=True)
class CodeUse:
    """What all code and configuration together say about column names."""

    texts: list[tuple[str, str]]
    quoted: frozenset[str]
    """What stands in quotes, or after `$`."""
    lists: tuple[frozenset[str], ...]
    """The strings of each list of two or more."""
    by_position: bool
    """A reader takes the first column as the index, or inputs are cut by position."""


def read_use(texts: list[tuple[str, str]]) -> CodeUse:
    quoted: set[str] = set()
    lists: list[frozenset[str]] = []
    by_position = False
    for _, text in texts:
        quoted.update(a or b for a, b in _QUOTED.findall(text))
        for match in _LIST.finditer(text):
            if len(lists) < LISTS_LIMIT and len(names := frozenset(a for a, _ in _QUOTED.findall(match[0]))) >= LISTED_COLUMNS:
                lists.append(names)
        by_position = by_position or _BY_POSITION.search(text) is not None
    return CodeUse(texts, frozenset(quoted), tuple(lists), by_position)


def is_left_out(name: str, use: CodeUse) -> bool:
    """Whether some line drops the column, takes it as the index, or lists it among what is ignored."""
    quoted = re.escape(name)
    pattern = re.compile(rf"{_LEAVES_OUT}[^()]{{0,300}}?[\"'(\-\s]{quoted}[\"')\s,]")
    return any(name in text and pattern.search(text) for _, text in use.texts)


def chooses_by_name(names: list[str], use: CodeUse) -> bool:
    """Whether code names at least half of the columns, as written or in lower case."""
    return bool(names) and sum(not use.quoted.isdisjoint(_forms(n)) for n in names) >= NAMED_SHARE * len(names)


def is_in_no_list(name: str, others: list[str], use: CodeUse) -> bool:
    """Whether code lists columns of the table (two or more of `others` in brackets) and never this one among them."""
    known = frozenset(form for other in others for form in _forms(other))
    chosen = [names for names in use.lists if len(names & known) >= LISTED_COLUMNS]
    return bool(chosen) and all(names.isdisjoint(_forms(name)) for names in chosen)


def _forms(name: str) -> frozenset[str]:
    """A column's name as written, and as code that tidies names writes it."""
    return frozenset((name, re.sub(r"\s+", "_", name.strip()).lower()))


def handles_nulls(texts: list[tuple[str, str]]) -> bool:
    """Whether code fills, drops or models empty cells."""
    return any(_NULLS.search(text) for _, text in texts)
