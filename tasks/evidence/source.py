"""Python files and notebooks as a small digest: imports, calls with resolved names, definitions.

One parse, one walk, then the syntax tree is dropped: ten thousand files fit in memory. Nothing is imported or run.
A notebook is one file of its code cells, magics blanked, with a map back to cell and physical line.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field

from tasks.evidence.notebook import Notebook, read_notebook
from tasks.evidence.older_python import modernised
from tasks.evidence.snapshot import Snapshot

ARGUMENT_LIMIT = 160
"""Characters kept of an argument's source text."""


@dataclass(frozen=True, slots=True)
class Import:
    module: str
    """Dotted, as written; relative imports keep their leading dots."""
    name: str | None
    """The imported name of a `from` import; None for `import module`."""
    alias: str
    line: int
    in_function: bool
    guarded: bool
    """Inside a `try`."""

    @property
    def top(self) -> str:
        return self.module.split(".")[0]


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    """Dotted name with import aliases resolved: `sklearn.model_selection.train_test_split`; `model.fit` for an unknown
    receiver; `().fit` for the result of another expression."""
    line: int
    args: tuple[str, ...]
    """Source text of positional arguments, cut at the limit; a string literal is its repr."""
    keywords: dict[str, str]
    """Source text by keyword; `**` under the key `**`."""
    scope: str
    """Qualified name of the enclosing function or class body, "" at module level."""
    targets: tuple[str, ...]
    """Names the result is assigned to."""
    receiver: str | None
    """Resolved constructor or function whose result the receiver variable holds:
    `sklearn.linear_model.Ridge` for `m = Ridge(); m.fit(X, y)`."""
    in_main: bool
    """Under `if __name__ == "__main__"` or at module level."""

    @property
    def attribute(self) -> str:
        """The last part of the name: `fit`."""
        return self.name.rsplit(".", 1)[-1]

    def argument(self, keyword: str, position: int | None = None) -> str | None:
        """Source text of an argument given by keyword or position."""
        if keyword in self.keywords:
            return self.keywords[keyword]
        return self.args[position] if position is not None and position < len(self.args) else None


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    """Qualified: `Model.fit`."""
    kind: str
    """`function` or `class`."""
    line: int
    end_line: int
    parameters: tuple[str, ...]
    """Parameters of a function, resolved bases of a class."""
    decorators: tuple[str, ...]
    """Resolved names, arguments dropped."""


@dataclass(slots=True)
class SourceFile:
    path: str
    lines: int
    is_notebook: bool = False
    error: str | None = None
    """Why the syntax could not be read; imports then come from a line scan."""
    imports: list[Import] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    assignments: dict[str, str] = field(default_factory=dict)
    """Module-level `NAME = literal` as source text."""
    strings: list[tuple[str, int]] = field(default_factory=list)
    """String literals of at most 200 characters outside docstrings, with their line."""
    has_main: bool = False
    """An `if __name__ == "__main__"` block with something in it."""
    main_line: int | None = None
    statements: int = 0
    """Module-level statements that do something: not imports, definitions, constants, docstrings."""
    notebook: Notebook | None = None

    @property
    def modules(self) -> set[str]:
        """Top-level packages imported, relative imports left out."""
        return {i.top for i in self.imports if i.top}

    def imported(self, *prefixes: str) -> bool:
        """Whether a module equal to or below one of the dotted prefixes is imported."""
        return any(_below(name, p) for i in self.imports for p in prefixes for name in (i.module, f"{i.module}.{i.name}"))

    def calls_to(self, *names: str) -> list[Call]:
        """Calls whose resolved name equals a given name, or ends with `.name` for a name starting with a dot."""
        return [c for c in self.calls if any(c.name == n or (n.startswith(".") and c.name.endswith(n)) for n in names)]

    def place(self, line: int) -> int:
        """The physical line in the file on disk of a line of this digest (they differ in notebooks)."""
        return self.notebook.physical_line(line) if self.notebook else line


def _below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def read_source(snapshot: Snapshot, path: str) -> SourceFile | None:
    """Digest one Python file or notebook; None when it is not text."""
    text = snapshot.text(path)
    if text is None:
        return None
    notebook = None
    if path.endswith(".ipynb"):
        notebook = read_notebook(text)
        if notebook.error:
            snapshot.problems[path] = notebook.error
        if notebook.language != "python":
            return SourceFile(path, 0, is_notebook=True, notebook=notebook)
        code = notebook.code
    else:
        code = text
    digest = SourceFile(path, code.count("\n") + 1, is_notebook=notebook is not None, notebook=notebook)
    tree = parse_notebook(notebook) if notebook else parse(code)
    if isinstance(tree, str):
        digest.error = tree
        snapshot.problems.setdefault(path, tree)
        digest.imports = scan_imports(code)
        return digest
    try:
        _Walker(digest).run(tree)
    except RecursionError:
        digest.error = "nested too deeply to read"
        snapshot.problems.setdefault(path, digest.error)
    return digest


def syntax_tree(snapshot: Snapshot, path: str) -> ast.Module | None:
    """The syntax tree of one file for questions the digest cannot answer; None when it cannot be parsed.

    Line numbers are those of the digest. Trees are not kept: ask only for files that need it.
    """
    text = snapshot.text(path)
    if text is None:
        return None
    tree = parse_notebook(read_notebook(text)) if path.endswith(".ipynb") else parse(text)
    return None if isinstance(tree, str) else tree


def parse_notebook(notebook: Notebook) -> ast.Module | str:
    """The tree of all code cells; a cell that cannot be parsed by itself is left out, not the notebook."""
    tree = parse(notebook.code)
    if not isinstance(tree, str):
        return tree
    reason, lines, kept = tree, notebook.code.split("\n"), 0
    for numbers in notebook.lines_by_cell():
        cell = "\n".join(lines[n] for n in numbers)
        if isinstance(_strictly(cell), str):
            cell = modernised(cell)
            if isinstance(_strictly(cell), str):
                cell = "\n" * (len(numbers) - 1)
        kept += bool(cell.strip())
        for number, line in zip(numbers, cell.split("\n"), strict=True):
            lines[number] = line
    return _strictly("\n".join(lines)) if kept else reason


def parse(code: str) -> ast.Module | str:
    """The tree, also of Python 2 and of templates as far as single lines tell, or one sentence on why there is none."""
    tree = _strictly(code)
    if not isinstance(tree, str):
        return tree
    older = _strictly(modernised(code))
    return tree if isinstance(older, str) else older


def _strictly(code: str) -> ast.Module | str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except SyntaxError as error:
        hint = " (Python 2?)" if re.search(r"(?m)^\s*print\s+[\"'\w]", code) else ""
        return f"not parsed: line {error.lineno}: {error.msg}{hint}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"not parsed: {type(error).__name__}"


_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\w+|\*)|import[ \t]+([\w.]+))")


def scan_imports(code: str) -> list[Import]:
    """Import lines of a file that does not parse (Python 2, a template, `!pip` in a script)."""
    found = []
    for number, line in enumerate(code.splitlines(), 1):
        if match := _IMPORT.match(line[:300]):
            module, name, plain = match.groups()
            found.append(Import(module or plain, name, name or plain.split(".")[0], number, line[0] in " \t", False))
    return found


_MODULE = re.compile(r"^(?:tensorflow|keras|torch|torchvision|sklearn)(?:\.[a-z_0-9]{1,60}){1,6}$")


class _Walker:
    """One pass over a tree that fills a digest. Statements are visited in order, so aliases precede their use."""

    def __init__(self, digest: SourceFile) -> None:
        self.digest = digest
        self.aliases: dict[str, str] = {}
        self.values: dict[tuple[str, str], str] = {}
        self.scope: list[str] = []
        self.functions = 0
        self.guards = 0
        self.targets: tuple[str, ...] = ()
        self.docstrings: set[int] = set()

    def run(self, tree: ast.Module) -> None:
        for node in tree.body:
            if not isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self._top_level(node)
        for node in tree.body:
            self.visit(node)

    def _top_level(self, node: ast.stmt) -> None:
        if _is_main_guard(node):
            self.digest.has_main = True
            self.digest.main_line = node.lineno
            return
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) and _is_literal(node.value):
            self.digest.assignments[node.targets[0].id] = text_of(node.value)
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if isinstance(node, (ast.If, ast.Try)) and all(
            isinstance(n, (ast.Import, ast.ImportFrom, ast.Assign, ast.Pass)) for n in node.body
        ):
            return
        self.digest.statements += 1

    def visit(self, node: ast.AST) -> None:
        method = getattr(self, f"_visit_{type(node).__name__}", None)
        if method:
            method(node)
        else:
            self._children(node)

    def _children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            self.visit(child)

    def _visit_Import(self, node: ast.Import) -> None:
        for item in node.names:
            alias = item.asname or item.name.split(".")[0]
            self.aliases[alias] = item.name if item.asname else alias
            self._import(item.name, None, alias, node)

    def _visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for item in node.names:
            alias = item.asname or item.name
            self.aliases[alias] = f"{module}.{item.name}" if module.strip(".") else f"{module}{item.name}"
            self._import(module, item.name, alias, node)

    def _import(self, module: str, name: str | None, alias: str, node: ast.stmt) -> None:
        self.digest.imports.append(Import(module, name, alias, node.lineno, self.functions > 0, self.guards > 0))

    def _visit_Try(self, node: ast.Try) -> None:
        self.guards += 1
        for child in node.body:
            self.visit(child)
        for handler in node.handlers:
            self.visit(handler)
        self.guards -= 1
        for child in [*node.orelse, *node.finalbody]:
            self.visit(child)

    def _visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = node.args
        names = [a.arg for a in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]]
        self._define(node, "function", tuple(names))
        for child in [*node.decorator_list, *arguments.defaults, *(d for d in arguments.kw_defaults if d)]:
            self.visit(child)
        self.functions += 1
        self._body(node)
        self.functions -= 1

    _visit_AsyncFunctionDef = _visit_FunctionDef

    def _visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._define(node, "class", tuple(self.name_of(b) for b in node.bases))
        for child in [*node.decorator_list, *node.keywords]:
            self.visit(child)
        self._body(node)

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, kind: str, parameters: tuple[str, ...]) -> None:
        name = ".".join([*self.scope, node.name])
        decorators = tuple(self.name_of(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list)
        self.digest.definitions.append(Definition(name, kind, node.lineno, node.end_lineno or node.lineno, parameters, decorators))

    def _body(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        if node.body and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant):
            self.docstrings.add(id(node.body[0].value))
        self.scope.append(node.name)
        for child in node.body:
            self.visit(child)
        self.scope.pop()

    def _visit_Assign(self, node: ast.Assign) -> None:
        names = tuple(n for t in node.targets for n in _names(t))
        self._assigned(node.value, names)
        if not self.scope:
            self._rename(names, node.value)

    def _rename(self, names: tuple[str, ...], value: ast.expr) -> None:
        """`mnist = tf.keras.datasets.mnist`: a module under another name, until the name is given to something else."""
        full = self.name_of(value) if isinstance(value, ast.Attribute) else ""
        for name in names:
            if len(names) == 1 and _MODULE.match(full):
                self.aliases[name] = full
            elif _MODULE.match(self.aliases.get(name, "")) and not any(i.alias == name for i in self.digest.imports):
                del self.aliases[name]

    def _visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assigned(node.value, tuple(_names(node.target)))

    def _visit_withitem(self, node: ast.withitem) -> None:
        self._assigned(node.context_expr, tuple(_names(node.optional_vars)) if node.optional_vars else ())

    def _assigned(self, value: ast.expr, names: tuple[str, ...]) -> None:
        before, self.targets = self.targets, names
        self.visit(value)
        self.targets = before
        if isinstance(value, ast.Call) and len(names) == 1:
            self.values[(".".join(self.scope), names[0])] = self.name_of(value.func)

    def _visit_Call(self, node: ast.Call) -> None:
        targets, self.targets = self.targets, ()
        receiver = None
        if isinstance(node.func, ast.Attribute):
            receiver = self._receiver(node.func.value)
        self.digest.calls.append(
            Call(
                name=self.name_of(node.func),
                line=node.lineno,
                args=tuple(text_of(a) for a in node.args),
                keywords={k.arg or "**": text_of(k.value) for k in node.keywords},
                scope=".".join(self.scope),
                targets=targets,
                receiver=receiver,
                in_main=not self.functions,
            )
        )
        self._children(node)

    def _receiver(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Call):
            return self.name_of(node.func)
        if isinstance(node, (ast.Name, ast.Attribute)):
            key = text_of(node)
            scopes = [".".join(self.scope[:n]) for n in range(len(self.scope), -1, -1)]
            return next((self.values[s, key] for s in scopes if (s, key) in self.values), None)
        return None

    def _visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and 0 < len(node.value) <= 200 and id(node) not in self.docstrings:
            self.digest.strings.append((node.value, node.lineno))

    def name_of(self, node: ast.expr) -> str:
        """Dotted name with the leading alias replaced by what it was imported as."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            parts.append(self.aliases.get(node.id, node.id))
        else:
            parts.append("()")
        return ".".join(reversed(parts))


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in text_of(node.test) and "__main__" in text_of(node.test)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _names(node: ast.expr) -> list[str]:
    if isinstance(node, (ast.Tuple, ast.List)):
        return [n for e in node.elts for n in _names(e)]
    if isinstance(node, ast.Starred):
        return _names(node.value)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return [text_of(node)]
    if isinstance(node, ast.Subscript):
        return [text_of(node)]
    return []


def text_of(node: ast.expr) -> str:
    """Source text of an expression, cut at the limit."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant):
        return repr(node.value)[:ARGUMENT_LIMIT]
    try:
        return ast.unparse(node)[:ARGUMENT_LIMIT]
    except (RecursionError, ValueError):
        return "…"
