"""Under which licence the repository stands: its licence file first, then its packaging, then its README."""

from __future__ import annotations

import configparser
import re
from typing import NamedTuple

from tasks.evidence.mlops.facts import Licence
from tasks.evidence.mlops.manifests import line_of, load_toml, load_yaml, table
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot

TEXT_LIMIT = 60_000
"""Characters read of a licence: the longest (GPL) has 35,000."""
_FILE = re.compile(r"(?i)^(?:(?:un)?licen[cs]e|copying|copyright)(?:[-_.](?!json$|py$|html$|lesser$)[\w.-]+)?$")
_FOLDER_FILE = re.compile(r"(?i)^(?:licenses?|legal|docs?)/(?:(?:un)?licen[cs]e|copying)[^/]*$")
_README = re.compile(r"(?i)^(?:docs/|\.github/)?readme(?:\.[\w.]+)?$")


class _Text(NamedTuple):
    spdx: str
    needs: tuple[str, ...]
    """Phrases that all stand in the text, in lower case with single spaces."""


TEXTS = (
    _Text("AGPL-3.0", ("gnu affero general public license", "version 3")),
    _Text("LGPL-2.1", ("gnu lesser general public license", "version 2.1")),
    _Text("LGPL-3.0", ("gnu lesser general public license", "version 3")),
    _Text("GPL-3.0", ("gnu general public license", "version 3")),
    _Text("GPL-2.0", ("gnu general public license", "version 2")),
    _Text("MPL-2.0", ("mozilla public license", "version 2.0")),
    _Text("EPL-2.0", ("eclipse public license", "v 2.0")),
    _Text("EUPL-1.2", ("european union public licence", "1.2")),
    _Text("Apache-2.0", ("apache license", "version 2.0")),
    _Text("Apache-2.0", ("licensed under the apache license",)),
    _Text("CC-BY-NC-SA-4.0", ("attribution-noncommercial-sharealike 4.0",)),
    _Text("CC-BY-NC-ND-4.0", ("attribution-noncommercial-noderivatives 4.0",)),
    _Text("CC-BY-NC-4.0", ("attribution-noncommercial 4.0",)),
    _Text("CC-BY-ND-4.0", ("attribution-noderivatives 4.0",)),
    _Text("CC-BY-SA-4.0", ("attribution-sharealike 4.0",)),
    _Text("CC-BY-4.0", ("attribution 4.0 international",)),
    _Text("CC-BY-NC-SA-3.0", ("attribution-noncommercial-sharealike 3.0",)),
    _Text("CC-BY-SA-3.0", ("attribution-sharealike 3.0",)),
    _Text("CC0-1.0", ("cc0 1.0",)),
    _Text("CC0-1.0", ("creative commons zero",)),
    _Text("PDDL-1.0", ("public domain dedication", "open data commons")),
    _Text("ODbL-1.0", ("open database license",)),
    _Text("Unlicense", ("free and unencumbered software released into the public domain",)),
    _Text("WTFPL", ("do what the fuck you want to",)),
    _Text("BSL-1.0", ("boost software license",)),
    _Text("BUSL-1.1", ("business source license 1.1",)),
    _Text("Artistic-2.0", ("the artistic license 2.0",)),
    _Text("Zlib", ("this software is provided 'as-is'", "misrepresented")),
    _Text("BSD-4-Clause", ("redistributions of source code must retain", "all advertising materials mentioning")),
    _Text("BSD-3-Clause-Clear", ("redistributions of source code must retain", "the clear bsd license")),
    _Text("BSD-3-Clause", ("redistributions of source code must retain", "endorse or promote products")),
    _Text("BSD-2-Clause", ("redistributions of source code must retain",)),
    _Text("0BSD", ("permission to use, copy, modify, and/or distribute this software for any purpose", "zero-clause")),
    _Text("ISC", ("permission to use, copy, modify, and", "distribute this software for any purpose with or without fee")),
    _Text("MIT-0", ("permission is hereby granted, free of charge, to any person obtaining a copy", "mit no attribution")),
    _Text("MIT", ("permission is hereby granted, free of charge, to any person obtaining a copy", "copies or substantial portions")),
    _Text("MIT", ("permission is hereby granted, free of charge, to any person obtaining a copy",)),
)
"""In the order they are tried: the more particular text first."""

_NAMED = (
    ("AGPL-3.0", r"\bAGPL|affero"),
    ("LGPL-3.0", r"\bLGPL|lesser general public"),
    ("GPL-2.0", r"\bGPL(?:[- ]?v?| version )2|GNU General Public License,? (?:v|version )2"),
    ("GPL-3.0", r"\bGPL|GNU General Public"),
    ("Apache-2.0", r"\bapache\b"),
    ("MPL-2.0", r"\bMPL\b|mozilla public"),
    ("BSD-2-Clause", r"\bBSD[- ](?:2|two)|simplified BSD"),
    ("BSD-3-Clause", r"\bBSD\b"),
    ("CC-BY-NC-SA-4.0", r"CC[- ]BY[- ]NC[- ]SA|noncommercial[- ]sharealike"),
    ("CC-BY-NC-ND-4.0", r"CC[- ]BY[- ]NC[- ]ND"),
    ("CC-BY-NC-4.0", r"CC[- ]BY[- ]NC|attribution-noncommercial"),
    ("CC-BY-SA-4.0", r"CC[- ]BY[- ]SA|attribution-sharealike"),
    ("CC-BY-4.0", r"CC[- ]BY|creative commons attribution"),
    ("CC0-1.0", r"\bCC0\b"),
    ("PDDL-1.0", r"\bPDDL\b|public domain dedication and licen[cs]e"),
    ("ODbL-1.0", r"\bODbL\b|open database licen[cs]e"),
    ("ODC-By-1.0", r"\bODC-BY\b|open data commons attribution"),
    ("Unlicense", r"\bunlicense\b"),
    ("ISC", r"\bISC\b"),
    ("MIT", r"\bMIT\b"),
)
NAMED = tuple((spdx, re.compile(pattern, re.IGNORECASE)) for spdx, pattern in _NAMED)


def find_licences(snapshot: Snapshot) -> tuple[Licence, ...]:
    """Licences of the whole repository, most authoritative first; a file that is not recognised is `other`."""
    found = [*_from_files(snapshot), *_from_metadata(snapshot), *_from_readme(snapshot)]
    known = [licence for licence in found if licence.spdx != "other"]
    return tuple(known + [licence for licence in found if licence.spdx == "other"])


def _from_files(snapshot: Snapshot) -> list[Licence]:
    paths = [p for p in snapshot.own if _FILE.match(p) or _FOLDER_FILE.match(p)]
    paths.sort(key=lambda p: ("/" in p, len(p), p))
    found: list[Licence] = []
    for path in paths[:10]:
        text = (snapshot.text(path) or "")[:TEXT_LIMIT]
        if not text.strip():
            continue
        spdx = spdx_of_text(text) or _spdx_of_short(text)
        if spdx is None and re.match(r"(?is)\s*year:.*copyright holder:", text):
            continue
        found.append(Licence(spdx=spdx or "other", source="file", place=place_in(snapshot, path, 1)))
    return found


def _spdx_of_short(text: str) -> str | None:
    """A file that names its licence instead of holding it."""
    return spdx_of_name(text) if len(text) < 1500 else None


def spdx_of_text(text: str) -> str | None:
    """The licence whose own sentences stand in the text; the title is not believed when the sentences say another."""
    plain = " ".join(re.sub(r"[\"“”*#>`]", " ", text).lower().split())
    head = plain[:3000]
    if match := re.search(r"spdx-license-identifier: ?([\w.+-]+)", plain):
        return match.group(1).upper() if match.group(1) == "mit" else spdx_of_name(match.group(1)) or match.group(1)
    for known in TEXTS:
        where = head if known.spdx.startswith(("AGPL", "LGPL", "GPL", "MPL", "Apache", "CC-")) else plain
        if all(phrase in where for phrase in known.needs):
            return known.spdx
    if match := re.search(r"creativecommons\.org/licenses/(by(?:-(?:nc|sa|nd))*)/(\d\.\d)", head):
        return f"CC-{match.group(1).upper()}-{match.group(2)}"
    return None


def spdx_of_name(name: str) -> str | None:
    """SPDX identifier of a licence's usual name: `Apache License 2.0`, `License :: OSI Approved :: MIT License`."""
    return next((spdx for spdx, pattern in NAMED if pattern.search(name[:1500])), None)


def _from_metadata(snapshot: Snapshot) -> list[Licence]:
    found = []
    own = frozenset(snapshot.own)
    readers = (
        ("pyproject.toml", _pyproject), ("setup.cfg", _setup_cfg), ("setup.py", _setup_py), ("DESCRIPTION", _description),
        ("CITATION.cff", _citation), ("package.json", _citation),
    )  # fmt: skip
    for path, reader in readers:
        text = (snapshot.text(path) or "")[:TEXT_LIMIT] if path in own else ""
        name = reader(text) if text else None
        if name and (spdx := spdx_of_name(name)):
            found.append(Licence(spdx=spdx, source="metadata", place=_place(snapshot, path, text, name)))
    return found


def _place(snapshot: Snapshot, path: str, text: str, name: str) -> Place:
    return place_in(snapshot, path, line_of(text, name) or 1)


def _pyproject(text: str) -> str | None:
    data = load_toml(text)
    project, poetry = table(data, "project"), table(data, "tool", "poetry")
    for value in (project.get("license"), table(project, "license").get("text"), poetry.get("license")):
        if isinstance(value, str):
            return value
    classifiers = project.get("classifiers")
    listed = classifiers if isinstance(classifiers, list) else []
    return next((c for c in listed if isinstance(c, str) and c.startswith("License ::")), None)


def _setup_cfg(text: str) -> str | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return parser.get("metadata", "license", fallback=None)


def _setup_py(text: str) -> str | None:
    match = re.search(r"\blicense\s*=\s*['\"]([^'\"\n]{2,80})['\"]|(License :: [^'\"\n]{3,80})", text)
    return next((g for g in match.groups() if g), None) if match else None


def _description(text: str) -> str | None:
    match = re.search(r"(?m)^License:\s*(.{2,80})$", text)
    return match.group(1) if match else None


def _citation(text: str) -> str | None:
    data = load_yaml(text)
    value = data.get("license") if isinstance(data, dict) else None
    return value if isinstance(value, str) else None


_HEADING = re.compile(r"(?im)^(?:#{1,6}\s*\W{0,6}|\*\*)?(?:\d+\.?\s*)?licen[cs](?:e|ing)\b[^\n]{0,30}$")
_SENTENCE = re.compile(
    r"(?i)\b(?:released|licensed|distributed|available|published|provided|covered|is)\b[^.\n]{0,60}\b(?:under|by|"
    r"with)\b[^.\n]{0,80}\blicen[cs]e"
    r"|img\.shields\.io/[^\s)\"]{0,80}licen[cs]e[^\s)\"]{0,80}|\[!\[licen[cs]e[^\n]{0,200}"
)
_FRONT_MATTER = re.compile(r"(?m)\A---\n(?:.{0,300}\n){0,60}?license:\s*([\w.-]{2,40})\s*$")


def _from_readme(snapshot: Snapshot) -> list[Licence]:
    path = next((p for p in snapshot.own if _README.match(p)), None)
    text = (snapshot.text(path) or "")[:TEXT_LIMIT] if path else ""
    if not path or not text:
        return []
    if match := _FRONT_MATTER.search(text[:8000]):
        return _readme_licence(snapshot, path, text, match, match.group(1))
    if match := _HEADING.search(text):
        after = text[match.start() : match.end() + 600]
        return _readme_licence(snapshot, path, text, match, after.split("\n#", 1)[0] if not after.startswith("#") else after)
    match = _SENTENCE.search(text)
    return _readme_licence(snapshot, path, text, match, match.group(0)) if match else []


def _readme_licence(snapshot: Snapshot, path: str, text: str, match: re.Match[str], words: str) -> list[Licence]:
    spdx = spdx_of_text(words) or spdx_of_name(words)
    line = text.count("\n", 0, match.start()) + 1
    return [Licence(spdx=spdx, source="readme", place=place_in(snapshot, path, line))] if spdx else []
