"""Class labels as text: the words that stand in the user's file are the words of the model's answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tasks.errors import DataRefused
from tasks.rules.building.contract import Contract


def label_texts(column: pd.Series) -> NDArray[Any]:
    """Text of each label, `(n,)`; None where there is none. Whole numbers of a column with gaps are told without `.0`."""
    missing = column.isna().to_numpy()
    values = column
    if pd.api.types.is_float_dtype(column) and missing.any() and np.all(np.mod(column[~missing], 1) == 0):
        values = column.astype("Int64")
    texts = np.asarray([str(v).strip() for v in values.tolist()], dtype=object)
    texts[missing | (texts == "")] = None
    return texts


def bind_classes(contract: Contract, texts: NDArray[Any]) -> Contract:
    """The contract with the labels that are in the data, sorted; raises `DataRefused` when only one is."""
    counts = pd.Series(texts).dropna().value_counts()
    classes = tuple(sorted(counts.index))
    if len(classes) < 2:
        raise DataRefused(
            f"The target {contract.target} has {'one class only' if classes else 'no value at all'}",
            "Give rows of at least two classes, or another --target.",
        )
    positive = contract.positive
    if contract.task == "binary" and positive not in classes:
        folded = {_fold(c): c for c in classes}
        positive = folded.get(_fold(positive)) if positive is not None else None
        positive = positive or str(counts.index[-1])
    return contract.model_copy(update={"classes": classes, "positive": positive if contract.task == "binary" else None})


def _fold(label: str) -> str:
    """`1`, `1.0` and `True` are one label to a person."""
    text = label.strip().lower()
    text = text.removesuffix(".0")
    return {"true": "1", "false": "0"}.get(text, text)


def encode_target(contract: Contract, raw: pd.Series, canonical: pd.Series) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Codes of the classes, or values, `(n,)`, and which rows have one."""
    if contract.task == "regression":
        values = canonical.to_numpy(dtype=np.float64)
        return values, np.isfinite(values)
    texts = label_texts(raw)
    codes = pd.Categorical(texts, categories=list(contract.classes)).codes.astype(np.int64)
    return codes, codes >= 0
