"""What each Python file imports: libraries, own files, and packages that a call needs without anyone importing them."""

from __future__ import annotations

import ast
import re
import sys
import warnings

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
_COMMON_WORDS = frozenset(["commands", "exceptions", "sets", "thread", "Queue"])
"""Names that somebody's own module may well have."""
_FOR_BOTH = re.compile(r"version_info|\bPY[23]\b|\bfrom __future__|\bimport six\b|\bfrom six\b|python_version")
_PRINT2 = re.compile(r"(?m)^[ \t]*print[ \t]+(?:[\"'\w])(?![^\n]*\bin\b[^\n]*\))")
_IMPLYING_WORDS = """
read_excel to_excel ExcelWriter ExcelFile read_parquet to_parquet read_feather to_feather read_hdf to_hdf HDFStore read_html
to_markdown plot_model model_to_dot SummaryWriter TensorBoard plot_tree to_graphviz plot_importance write_image hist plot
boxplot read_orc read_stata read_xml autolog
"""
_IMPLYING = frozenset(_IMPLYING_WORDS.split())
_TENSORFLOW1_WORDS = """
placeholder Session InteractiveSession get_variable global_variables_initializer reset_default_graph app.run train.AdamOptimizer
train.GradientDescentOptimizer layers.dense layers.conv2d estimator.inputs.pandas_input_fn estimator.inputs.numpy_input_fn set_random_seed
placeholder_with_default trainable_variables nn.rnn_cell.BasicLSTMCell ConfigProto
"""
_TENSORFLOW1 = frozenset(f"tensorflow.{word}" for word in _TENSORFLOW1_WORDS.split())
"""Calls that are gone with TensorFlow 2, under the plain name."""
_IMPORTERS = frozenset(["importlib.import_module", "__import__", "hydra.utils.instantiate", "hydra.utils.get_class"])
NAMESPACES = ("google", "azure", "ruamel", "zope", "backports", "mpl_toolkits", "snowflake", "tensorflow")
"""Top-level names whose parts come from, or hint at, different packages: kept dotted."""


def read_imports(snapshot: Snapshot) -> tuple[tuple[PythonFile, ...], int]:
    """Python files in path order, then files of tools that name some; and how many were left out."""
    own = OwnModules(snapshot)
    sources = [s for s in snapshot.sources if not s.is_notebook or s.notebook]
    sources += [s for p in snapshot.own if _is_script_without_ending(snapshot, p) and (s := snapshot.source(p))]
    files = [_read(snapshot, own, source) for source in sources[:FILES_LIMIT]]
    late = frozenset(i.within for f in files for i in f.imports if i.within)
    if late:
        files = [f.model_copy(update={"calls": _calls(s, late)}) for f, s in zip(files, sources, strict=False)]
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
            _note(libraries, source, item)
    implied = _implied(source)
    return PythonFile(
        file=source.path,
        imports=tuple(libraries.values())[:IMPORTS_LIMIT],
        own=tuple(f for f in files if f != source.path)[:IMPORTS_LIMIT],
        implied=tuple(c for c in implied if c.call in _IMPLYING or c.call.endswith(".xls")),
        tensorflow1=next((c for c in implied if c.call in _TENSORFLOW1), None),
        python2=_python2(snapshot, own, source),
        dynamic=any(c.name in _IMPORTERS for c in source.calls),
    )


def _note(libraries: dict[str, ImportedModule], source: SourceFile, item: Import) -> None:
    """Keep the import that matters most: one the file makes itself, not in a `try`."""
    name = _library(item)
    found = ImportedModule(
        module=name,
        line=source.place(item.line),
        guarded=item.guarded,
        within=_function_around(source, item.line) if item.in_function else "",
    )
    before = libraries.get(name)
    if before is None or (bool(found.within), found.guarded) < (bool(before.within), before.guarded):
        libraries[name] = found


def _function_around(source: SourceFile, line: int) -> str:
    around = [d for d in source.definitions if d.kind == "function" and d.line <= line <= d.end_line]
    return max(around, key=lambda d: d.end_line - d.line).name.rsplit(".", 1)[-1] if around else ""


def _calls(source: SourceFile, wanted: frozenset[str]) -> tuple[str, ...]:
    """Those of the functions that are called from outside themselves, decorate something, or are handed on by name."""
    found = {c.attribute for c in source.calls if c.attribute in wanted and c.scope.rsplit(".", 1)[-1] != c.attribute}
    handed = (text.rsplit(".", 1)[-1] for c in source.calls for text in (*c.args, *c.keywords.values()))
    decorators = (name.rsplit(".", 1)[-1] for d in source.definitions if d.kind == "function" for name in d.decorators)
    return tuple(sorted(found | (wanted & frozenset((*handed, *decorators)))))


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
        if call.name in _TENSORFLOW1:
            found.setdefault(call.name, ImplyingCall(module="tensorflow", call=call.name, line=source.place(call.line)))
        elif call.attribute in _IMPLYING and "." in call.name:
            is_old = bool(call.args) and call.args[0].rstrip("'\"").endswith(".xls")
            name = f"{call.attribute}.xls" if is_old else call.attribute
            found.setdefault(name, ImplyingCall(module=call.name.split(".")[0], call=name, line=source.place(call.line)))
    return list(found.values())


def _python2(snapshot: Snapshot, own: OwnModules, source: SourceFile) -> int | None:
    """Line of a print statement in a file that is no Python 3, or of an import that only Python 2 has.

    A file that looks at the version before it imports is for both; of a notebook the kernel knows better than a broken cell.
    """
    version = source.notebook.python_version if source.notebook else None
    if version and not version.startswith("2"):
        return None
    text = source.notebook.code if source.notebook else snapshot.text(source.path) or ""
    snapshot.forget(source.path)
    if (match := _PRINT2.search(text)) and not _is_python3(text):
        return source.place(text.count("\n", 0, match.start()) + 1)
    if _FOR_BOTH.search(text):
        return None
    old = (i for i in source.imports if i.top in _PYTHON2 - _COMMON_WORDS and not i.guarded and not own.owns(source, i))
    return next((source.place(i.line) for i in old), None)


def _is_python3(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
