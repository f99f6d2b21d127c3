"""Rows that come from outside, and rows that are put into another form."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.files import read
from tasks.evidence.training.leakage.joins import data_in, members, text_in
from tasks.evidence.training.leakage.rows import role_of_name
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.subscripts import numbered, rows_of_index
from tasks.evidence.training.leakage.values import NOTHING, Bundle, Const, Data, RowNumbers, Statistic
from tasks.evidence.training.leakage.vocabulary import LOADERS, WRAPPERS

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments


_ARRAYS = frozenset(["array", "asarray", "stack", "vstack"])


def load_rows(run: Run, name: str, last: str, arguments: Arguments) -> Any:
    """What a loading or wrapping call gives back; None for any other call."""
    inputs = [d for v in arguments.everything for d in data_in(v)]
    if inputs and last in WRAPPERS:
        return _wrapped(run, last, inputs, arguments)
    if not inputs and last in _ARRAYS and (made := _array(run, arguments)) is not None:
        return made
    if not inputs and name.endswith(f"datasets.{last}") and "_datasets" not in name and last[:1].isupper():
        return run.new_data(arguments.node.lineno, _role_of_part(arguments), opaque=True, fresh=True)
    if inputs or not (LOADERS.search(name) or ".read." in name) or _is_object_loader(name):
        return None
    text = _last_text(arguments)
    role = role_of_name(text.rsplit("/", 1)[-1].rsplit(".", 1)[0]) if text else None
    if last in ("DataFrame",) and (gathered := _gathered(arguments)) is not None:
        return gathered
    if last in ("DataFrame",) and not text:
        return (
            run.new_data(arguments.node.lineno, opaque=True)
            if arguments.values and not isinstance(arguments.values[0], Bundle)
            else NOTHING
        )
    data = read(run, run.new_data(arguments.node.lineno, role or "full", fresh=True), text)
    if last.startswith("make_") or _is_true(arguments.get("return_X_y")):
        target = data.derive(column="target", only=frozenset(["target"]), sources=frozenset(["target"]))
        return Bundle([data.derive(dropped=frozenset(["target"])), target])
    if last == "load_data" and "dataset" in name:
        return _keras_parts(run, data)
    return data


def _role_of_part(arguments: Arguments) -> str:
    """`MNIST("data", train=False)`, `ImageFolder("pets/train")`, `SVHN("data", split="test")`."""
    train = arguments.get("train")
    if isinstance(train, Const) and isinstance(train.value, bool):
        return "train" if train.value else "test"
    return role_of_name(text_in(arguments.get("split")) or _last_text(arguments).rsplit("/", 1)[-1]) or "full"


def _array(run: Run, arguments: Arguments) -> Data | None:
    """`np.array(images)` of a list that a loop has filled: one row for each; of windows' statistics: rows of these windows."""
    first = arguments.values[0] if arguments.values else NOTHING
    if not isinstance(first, Bundle) or first.scores:
        return None
    gathered = _gathered(arguments)
    if gathered is not None:
        return gathered if gathered.windows else None
    return run.new_data(arguments.node.lineno, opaque=True, fresh=True) if first.is_grown and not first.items else None


def _gathered(arguments: Arguments) -> Data | None:
    """A table of statistics that a loop has collected about other rows."""
    found = next((s for v in arguments.values[:1] for s in members(v) if isinstance(s, Statistic) and s.rows), None)
    if found is None:
        return None
    line, entities = arguments.node.lineno, set(found.entities if found.windows else ())
    return Data(found.rows, table=f"g{line}", opaque=True, line=line, windows=found.windows, entities=entities)


def _keras_parts(run: Run, data: Data) -> Bundle:
    rows = {r: frozenset(f"{a}/k:{r}" for a in data.rows) for r in ("train", "test")}
    run.findings.test_seen = True
    return Bundle([Bundle([data.derive(rows=rows[r], opaque=True), data.derive(rows=rows[r], opaque=True)]) for r in ("train", "test")])


def _wrapped(run: Run, last: str, inputs: list[Data], arguments: Arguments) -> Any:
    chosen = _chosen_rows(last, inputs, arguments)
    if chosen is not None:
        return chosen
    first = inputs[0]
    plain = last in ("DataFrame", "Series", "array", "list", "tuple", "get_dummies", "copy", "deepcopy", "shuffle", "DataLoader", "tensor")
    if last == "shuffle" and len(inputs) > 1:
        return Bundle([d.derive(column=d.column) for d in inputs])
    return first.derive(
        **({} if plain else {"opaque": True}),
        taints=frozenset(t for d in inputs for t in d.taints),
        column=first.column,
        fresh=first.fresh,
        subset=first.subset,
        how=first.how or ("unary" if last in ("cut", "qcut") else ""),
    )


def _chosen_rows(last: str, inputs: list[Data], arguments: Arguments) -> Data | None:
    """`Subset(data, numbers)`, `DataLoader(data, sampler=SubsetRandomSampler(numbers))`."""
    if last not in ("Subset", "DataLoader"):
        return None
    key = arguments.get("indices", 1) if last == "Subset" else arguments.get("sampler")
    if isinstance(key, RowNumbers):
        return numbered(inputs[0], key, arguments.node.lineno)
    return rows_of_index(inputs[0], key) if isinstance(key, Data) and key.is_index else None


def _is_object_loader(name: str) -> bool:
    """`joblib.load`, `json.load`: something is loaded, most often no rows."""
    head = name.rsplit(".", 1)[0]
    return (name.endswith(".load") and head not in ("np", "numpy", "tfds", "tensorflow_datasets")) or name in ("load", "query")


def _is_true(value: Any) -> bool:
    return isinstance(value, Const) and value.value is True


def _last_text(arguments: Arguments) -> str:
    texts = [n.value for a in [*arguments.node.args[:2]] for n in ast.walk(a) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    texts += [c.value for v in arguments.values[:1] for c in members(v) if isinstance(c, Const) and isinstance(c.value, str)]
    return texts[-1] if texts else ""
