"""Credentials in committed files: what kind, in which file and line, never the value itself."""

from __future__ import annotations

import re

from tasks.evidence.mlops.facts import Secret
from tasks.evidence.redaction import HINTS, Found, find_in
from tasks.evidence.snapshot import Snapshot, decode

READ_LIMIT = 1_000_000
"""Bytes read of one file; credentials stand near the top of small files."""
TOTAL_LIMIT = 300_000_000
"""Bytes read of the repository, small files first."""
LINE_LIMIT = 4_000
"""Characters of a line; longer ones are data or minified code, of which only the beginning is read."""
PER_FILE_LIMIT = 20
LIMIT = 500
_DATA = re.compile(
    r"(?i)\.(?:csv|tsv|jsonl|ndjson|parquet|xlsx?|png|jpe?g|gif|bmp|tiff?|svg|ico|webp|pdf|mp[34]|avi|mov|mkv|wav|flac|ogg|zip|tar|gz|"
    r"tgz|bz2|xz|7z|rar|"
    r"whl|jar|npy|npz|mat|h5|hdf5|pkl|pickle|joblib|pth?|ckpt|onnx|pb|tflite|safetensors|bin|model|db|sqlite3?|feather|arrow|rds|rda|"
    r"ttf|woff2?|eot|"
    r"otf|so|dll|exe|pyc|class|o|a|lock|sum|min\.js|min\.css|map|tfrecords?|arff|geojson|bib|xml|html?|css|po|mo|dta|sav|vocab|patch|"
    r"diff|docx?|pptx?)$"
)
_DATA_FOLDER = re.compile(
    r"(?i)(?:^|/)(?:data|datasets?|corpus|corpora|raw|mlruns|artifacts?|outputs?|logs?)/(?:[^/]+/){0,6}[^/]+\.(?:txt|json|log|dat)$"
)
_SETTINGS = re.compile(
    r"(?i)(?:^|/)(?:\.?env(?:\.[\w.-]+)?|[\w.-]*\.env|\.npmrc|\.pypirc|\.netrc|\.pgpass|credentials?|config)$|\.(?:sh|bash|zsh|ya?ml|"
    r"ini|cfg|conf|toml|"
    r"properties|env|md|rst|txt|ps1|bat|tf|tfvars)$|(?:^|/)(?:Dockerfile|Makefile|Jenkinsfile|Procfile|[^/]*\.dockerfile|readme)[^/]*$"
)
"""Files in which a value needs no quotes."""
_ENV = re.compile(r"(?i)(?:^|/)(?:[\w-]*\.env(?:\.(?!.*(?:example|sample|template|dist|tmpl|default))[\w-]+)?)$")
_EXAMPLE = re.compile(r"(?i)(?:^|[/._-])(?:example|sample|template|dist|tmpl)(?:[/._-]|$)")
_TEST = re.compile(r"(?i)(?:^|/)(?:tests?|testing|fixtures?|testdata|__tests__|mocks?)/|(?:^|/)(?:test_|conftest)[^/]*$|_test\.\w+$")
_PROSE = re.compile(r"(?i)(?:^|/)(?:docs?|documentation|examples?|tutorials?)/.*\.(?:md|rst|txt|mdx|adoc)$")
_LOCAL_COMPOSE = re.compile(r"(?i)(?:^|/)[^/]*compose[^/]*\.ya?ml$")
_COMMENT = re.compile(r"^\s*(?:#|//|;|--|%|\*|<!--)")
NAMED = frozenset(["password", "api_key", "token", "secret", "access_key", "account_key", "auth_key", "credential"])
"""Kinds known only by a name beside them: they need more care than a shape of their own."""
_WEAK_SHAPES = frozenset(["jwt", "bearer_token", "password_in_url", "twilio_key", "mailgun_key"])


def find_secrets(snapshot: Snapshot) -> tuple[Secret, ...]:
    """Secrets of the repository's own text files: live ones first, then defaults, then committed placeholders."""
    found: list[Secret] = []
    budget = TOTAL_LIMIT
    for path in sorted((p for p in snapshot.own if _is_candidate(p)), key=snapshot.size):
        budget -= min(snapshot.size(path), READ_LIMIT)
        if budget < 0 or len(found) >= LIMIT:
            break
        found += _in_file(snapshot, path)
    order = {"live": 0, "default": 1, "placeholder": 2}
    return tuple(sorted(found, key=lambda s: (order[s.severity], s.file, s.line or 0)))


def _is_candidate(path: str) -> bool:
    name = path.rpartition("/")[2]
    return not _DATA.search(name) and not _DATA_FOLDER.search(path)


def _in_file(snapshot: Snapshot, path: str) -> list[Secret]:
    data = snapshot.bytes(path, READ_LIMIT)
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return []
    text = decode(data) if data else ""
    if not text:
        return []
    if path.endswith(".ipynb"):
        text = text.replace('\\"', '"').replace("\\n", "")
    found: dict[tuple[str, int], Secret] = {}
    for start, line in _lines(text):
        for hit in find_in(line):
            severity = _severity(path, line, hit)
            if severity is not None:
                number = text.count("\n", 0, start) + 1
                found.setdefault((hit.kind, number), Secret(kind=hit.kind, file=path, line=number, severity=severity))
        if len(found) >= PER_FILE_LIMIT:
            break
    for hit in find_in(text) if "PRIVATE KEY" in text else ():
        if hit.kind == "private_key":
            number = text.count("\n", 0, hit.start) + 1
            found.setdefault(
                ("private_key", number), Secret(kind="private_key", file=path, line=number, severity=_severity(path, "", hit) or "live")
            )
    return _one_per_line(list(found.values()))


def _lines(text: str) -> list[tuple[int, str]]:
    """Lines that could hold something, with their offset: found by their hints, since reading every line takes minutes."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if c.isascii() else c for c in text)
    spans: dict[int, tuple[int, int]] = {}
    for hint in HINTS:
        at = lowered.find(hint)
        while at >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            end = end if end >= 0 else len(text)
            spans.setdefault(start, (max(start, at - LINE_LIMIT // 2), min(end, at + LINE_LIMIT)))
            at = lowered.find(hint, end)
    return [(start, text[a:b]) for start, (a, b) in sorted(spans.items())]


def _severity(path: str, line: str, hit: Found) -> str | None:
    """What a hit means where it stands; None when it means nothing there."""
    named = hit.kind.split("_", 1)[-1] in NAMED or hit.kind in NAMED
    if hit.severity == "placeholder":
        return "placeholder" if _ENV.search(path) else None
    if named and not _is_set_here(path, line, hit):
        return None
    if _TEST.search(path) or _EXAMPLE.search(path):
        return None if named or hit.kind in _WEAK_SHAPES else "placeholder"
    if _PROSE.search(path) and (named or hit.kind in _WEAK_SHAPES):
        return None
    if hit.severity == "default":
        return "default"
    if _LOCAL_COMPOSE.search(path) and hit.kind.endswith(("password", "password_in_url")) and len(line[hit.start : hit.end]) < 16:
        return "default"
    return "live"


def _is_set_here(path: str, line: str, hit: Found) -> bool:
    """Whether a name and its value are an assignment and not a sentence or an expression of code."""
    before, after = line[: hit.start], line[hit.end :]
    quoted = before[-1:] in "\"'" and after[:1] in "\"'" and before != ""
    if quoted:
        return not (_COMMENT.match(line) and path.endswith((".py", ".js")) and "=" not in before)
    if not _SETTINGS.search(path):
        return False
    if re.search(r"[=:]\s*$", before):
        return not path.lower().endswith((".md", ".rst", ".txt")) or bool(re.search(r"=$", before))
    return bool(re.search(r"(?i)(?:^|\s)(?:ENV|ARG|setx|--?[\w-]*(?:password|token|key|secret))\s+[\w-]*\s*$|(?:^|\s)--[\w-]+\s+$", before))


def _one_per_line(found: list[Secret]) -> list[Secret]:
    """The most telling kind of each line: a shape of its own before a mere name."""
    best: dict[int | None, Secret] = {}
    for secret in found:
        old = best.get(secret.line)
        if old is None or (old.severity != "live" and secret.severity == "live"):
            best[secret.line] = secret
    return list(best.values())
