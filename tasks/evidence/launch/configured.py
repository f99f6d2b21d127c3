"""Classes that a run makes because its configuration names them (`_target_`), which no call in the code shows."""

from __future__ import annotations

import posixpath
import re

from tasks.evidence.mlops.manifests import load_yaml
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.reach import Node, Reach

FILES_LIMIT = 200
_TARGET = re.compile(r"(?m)^\s*(?:-\s*)?_target_:\s*['\"]?([\w.]{3,150})")


def configured_nodes(ground: Ground, path: str, reach: Reach) -> list[Node]:
    """Functions of own classes that the default configuration instantiates; none where nothing is instantiated by name."""
    if not any(c.name.endswith(("utils.instantiate", "utils.call")) for n in reach.hops for c in ground.graph.calls_at(n)):
        return []
    files = [p for p in ground.snapshot.own if p.endswith((".yaml", ".yml")) and "conf" in p.lower()][:FILES_LIMIT]
    texts = {p: ground.snapshot.text(p) or "" for p in files}
    chosen = _defaults(texts)
    nodes: dict[Node, None] = {}
    for file, text in texts.items():
        group, name = posixpath.basename(posixpath.dirname(file)), posixpath.splitext(posixpath.basename(file))[0]
        if group in chosen and name not in chosen[group]:
            continue
        for target in _TARGET.findall(text)[:40]:
            found = ground.modules.find(target, path)
            if found:
                nodes |= dict.fromkeys(ground.graph.from_every_function(found[0]).hops)
    return list(nodes)


def _defaults(texts: dict[str, str]) -> dict[str, set[str]]:
    """Group of the configuration to the files that the defaults take of it."""
    chosen: dict[str, set[str]] = {}
    for text in texts.values():
        document = load_yaml(text) if "defaults:" in text else None
        items = document.get("defaults") if isinstance(document, dict) else None
        for item in items if isinstance(items, list) else ():
            for group, name in item.items() if isinstance(item, dict) else ():
                names = name if isinstance(name, list) else [name]
                words = str(group).replace("override ", "").replace("optional ", "").split("@")[0].strip("/ ")
                chosen.setdefault(words.split("/")[-1], set()).update(str(n).removesuffix(".yaml").removesuffix(".yml") for n in names)
    return chosen
