"""How code treats the columns of a table: which it leaves out, how many it names, whether it handles empty cells."""

from __future__ import annotations

import re

NAMED_SHARE = 0.5
"""When code names at least this proportion of a table's columns, it chooses its inputs by name."""
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


def is_left_out(name: str, texts: list[tuple[str, str]]) -> bool:
    """Whether some line drops the column, takes it as the index, or lists it among what is ignored."""
    quoted = re.escape(name)
    pattern = re.compile(rf"{_LEAVES_OUT}[^()]{{0,300}}?[\"'(\-\s]{quoted}[\"')\s,]")
    return any(name in text and pattern.search(text) for _, text in texts)


def chooses_by_name(names: list[str], texts: list[tuple[str, str]]) -> bool:
    """Whether at least half of the columns stand in quotes (or after `$`) somewhere in the code."""
    if not names:
        return False
    named = sum(any(name in text and re.search(rf"[\"'$]{re.escape(name)}\b", text) for _, text in texts) for name in names)
    return named >= NAMED_SHARE * len(names)


def takes_index_by_position(texts: list[tuple[str, str]]) -> bool:
    """Whether a reader takes the first column as the index, or inputs are cut by position."""
    return any(re.search(r"index_col\s*=\s*(?:0|\[0)|\.iloc\[\s*:\s*,\s*[1-9]", text) for _, text in texts)


def handles_nulls(texts: list[tuple[str, str]]) -> bool:
    """Whether code fills, drops or models empty cells."""
    return any(_NULLS.search(text) for _, text in texts)
