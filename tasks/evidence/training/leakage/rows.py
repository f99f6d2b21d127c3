"""Which rows a value holds, as sets of atoms like `o3:full/s9:test`: an origin, then the parts it was split into.

An atom contains another when it is a prefix of it; two parts of one split share their beginning and differ in the last
segment. Roles come from a split, from a file's name or from a variable's name.
"""

from __future__ import annotations

import re
from functools import lru_cache

Rows = frozenset[str]

_TRAIN = frozenset(["train", "trn", "training"])
_VALID = frozenset(["val", "valid", "validation", "dev", "vld", "valset"])
_TEST = frozenset(["test", "tst", "testing", "holdout", "heldout"])
_SHORT = {"tr": "train", "te": "test", "ts": "test", "va": "valid", "vl": "valid"}
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_GLUED = re.compile(
    r"^[xy]?(train|test|val|valid|validation)(?:[xy]|sets?|loaders?|data|datasets?|dataloaders?|df|dl|ds|gen|iter|images|labels|features|index|idx)?$"
)


@lru_cache(maxsize=4096)
def role_of_name(name: str) -> str | None:
    """`X_train` → `train`; `dfTest` → `test`; None for no role or more than one (`train_test`)."""
    tokens = [t.lower() for t in _PARTS.findall(name)]
    tokens = [m.group(1) if (m := _GLUED.match(t)) else t for t in tokens]
    roles = set()
    for token in tokens:
        if token in _TRAIN:
            roles.add("train")
        elif token in _VALID:
            roles.add("valid")
        elif token in _TEST:
            roles.add("test")
        elif token in _SHORT and tokens[0] in ("x", "y", "df", "xs", "ys", "data"):
            roles.add(_SHORT[token])
    return roles.pop() if len(roles) == 1 else None


def role_of_atom(atom: str) -> str:
    """The role of the last segment: `train`, `valid`, `test`, `full` or `part`; a test part of a training part is validation."""
    role = atom.rsplit(":", 1)[-1]
    return "valid" if role == "test" and ":train/" in atom.partition("/")[2] else role


def roles_of(rows: Rows) -> frozenset[str]:
    return frozenset(role_of_atom(a) for a in rows)


def is_held_out(rows: Rows) -> bool:
    """All rows belong to validation or test parts."""
    return bool(rows) and roles_of(rows) <= {"valid", "test"}


def is_mixed(rows: Rows) -> bool:
    """Rows of a training part together with rows of a held-out part."""
    roles = roles_of(rows)
    return "train" in roles and bool(roles & {"valid", "test"})


def contains(outer: Rows, inner: Rows) -> bool:
    """Whether some of the inner rows were cut out of the outer ones: `{o1:full}` contains `{o1:full/s2:test}`."""
    return any(i.startswith(o + "/") for o in outer for i in inner)


def narrowest(rows: Rows) -> Rows:
    """Without rows of which a part is there as well: that comes of two branches, with and without a split."""
    return frozenset(a for a in rows if not any(b.startswith(a + "/") for b in rows))


def cut(rows: Rows, label: str, role: str) -> Rows:
    """The part of the rows that one split gives to a role."""
    return frozenset(f"{atom}/{label}:{role}" for atom in rows)


def renamed(rows: Rows, role: str) -> Rows:
    """The same part under the role its variable's name tells."""
    return frozenset(f"{atom.rsplit(':', 1)[0]}:{role}" for atom in rows)


def is_whole(atom: str) -> bool:
    """Not yet divided: a file called train counts as all there is until it is split."""
    return role_of_atom(atom) in ("full", "part") or (role_of_atom(atom) == "train" and "/" not in atom)


def whole_rows(rows: Rows) -> Rows:
    """The rows a part without a role was taken from: the sick and the healthy are compared to learn about all of them."""
    return uncut(rows) if roles_of(rows) == {"part"} and all("/" in a for a in rows) else rows


def uncut(rows: Rows) -> Rows:
    """The rows before the last split."""
    return frozenset(a.rsplit("/", 1)[0] for a in rows)
