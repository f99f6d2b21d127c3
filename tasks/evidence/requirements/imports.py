"""What each Python file imports: libraries, own files, and packages that a call needs without anyone importing them."""

from __future__ import annotations

import re
import sys

from tasks.evidence.project.own_modules import OwnModules
from tasks.evidence.requirements.facts import ImplyingCall, ImportedModule, PythonFile
from tasks.evidence.requirements.tool_files import read_tool_files
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Import, SourceFile

FILES_LIMIT = 5000
IMPORTS_LIMIT = 200
"""Of one file, libraries and own files each."""
_OLD_STANDARD_WORDS = """
asynchat asyncore distutils imp smtpd lib2to3 formatter parser symbol binhex macpath dummy_threading audioop cgi cgitb chunk
crypt imghdr mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib this antigravity
"""
_OLD_STANDARD = frozenset(_OLD_STANDARD_WORDS.split())
"""Gone from today's standard library."""
_PYTHON2_WORDS = """
cPickle cStringIO StringIO ConfigParser Queue urllib2 urlparse HTMLParser Tkinter tkMessageBox tkFileDialog httplib __builtin__
commands cookielib copy_reg dummy_thread exceptions itertools_ sets thread xmlrpclib SocketServer BaseHTTPServer
"""
_PYTHON2 = frozenset(_PYTHON2_WORDS.split())
"""In the standard library of Python 2 alone."""
STANDARD = frozenset(sys.stdlib_module_names) | _OLD_STANDARD | _PYTHON2
_PRINT2 = re.compile(r"(?m)^[ \t]*print[ \t]+(?:[\"'\w])(?![^\n]*\bin\b[^\n]*\))")
_IMPLYING_WORDS = """
read_excel to_excel ExcelWriter ExcelFile read_parquet to_parquet read_feather to_feather read_hdf to_hdf HDFStore read_html
to_markdown plot_model model_to_dot SummaryWriter TensorBoard plot_tree to_graphviz plot_importance write_image hist plot
boxplot read_orc read_stata read_xml autolog
"""
_IMPLYING = frozenset(_IMPLYING_WORDS.split())
_IMPORTERS = frozenset(["importlib.import_module", "__import__", "hydra.utils.instantiate", "hydra.utils.get_class"])
NAMESPACES = ("google", "azure", "ruamel", "zope", "backports", "mpl_toolkits", "snowflake", "tensorflow")
"""Top-level names whose parts come from, or hint at, different packages: kept dotted."""


def read_imports(snapshot: Snapshot) -> tuple[tuple[PythonFile, ...], int]:
    """Python files in path order, then files of tools that name some; and how many were left out."""
    own = OwnModules(snapshot)
    sources = [s for s in snapshot.sources if not s.is_notebook or s.notebook]
    sources += [s for p in snapshot.own if _is_script_without_ending(snapshot, p) and (s := snapshot.source(p))]
    files = [_read(snapshot, own, source) for source in sources[:FILES_LIMIT]]
    return (*files, *read_tool_files(snapshot)), max(0, len(sources) - FILES_LIMIT)


def _is_script_without_ending(snapshot: Snapshot, path: str) -> bool:
    """An executable script such as `train`: no ending, a first line that calls Python."""
    name = path.rpartition("/")[2]
    if "." in name or not 10 < snapshot.size(path) < 500_000:
        return False
    return bool(re.match(rb"#![^\n]{0,60}python", snapshot.bytes(path, 100)))


def _read(snapshot: Snapshot, own: OwnModules, source: SourceFile) -> PythonFile:
    libraries: dict[str, ImportedModule] = {}
    files: dict[str, None] = {}
    for item in source.imports:
        found = own.files_of(source, item)
        files |= dict.fromkeys(found)
        if not found and not own.owns(source, item) and item.top not in STANDARD:
            name = _library(item)
            before = libraries.get(name)
            if before is None or (before.guarded and not item.guarded):
                libraries[name] = ImportedModule(module=name, line=source.place(item.line), guarded=item.guarded)
    return PythonFile(
        file=source.path,
        imports=tuple(libraries.values())[:IMPORTS_LIMIT],
        own=tuple(f for f in files if f != source.path)[:IMPORTS_LIMIT],
        implied=tuple(_implied(source)),
        python2=_python2(snapshot, source),
        dynamic=any(c.name in _IMPORTERS for c in source.calls),
    )


def _library(item: Import) -> str:
    if item.top not in NAMESPACES:
        return item.top
    parts = item.module.split(".")
    if item.name and item.name != "*" and len(parts) < 3:
        parts.append(item.name)
    return ".".join(parts[:3])


def _implied(source: SourceFile) -> list[ImplyingCall]:
    found: dict[str, ImplyingCall] = {}
    for call in source.calls:
        if call.attribute in _IMPLYING and "." in call.name:
            module = call.name.split(".")[0]
            is_old = bool(call.args) and call.args[0].rstrip("'\"").endswith(".xls")
            name = f"{call.attribute}.xls" if is_old else call.attribute
            found.setdefault(name, ImplyingCall(module=module, call=name, line=source.place(call.line)))
    return list(found.values())


def _python2(snapshot: Snapshot, source: SourceFile) -> int | None:
    """Line of an import that only Python 2 has, or of a print statement."""
    for item in source.imports:
        if item.top in _PYTHON2 and not item.guarded and item.top not in ("commands", "parser", "sets", "thread", "exceptions"):
            return source.place(item.line)
    if source.is_notebook or source.error:
        return None
    match = _PRINT2.search(snapshot.text(source.path) or "")
    snapshot.forget(source.path)
    return match.string.count("\n", 0, match.start()) + 1 if match else None
