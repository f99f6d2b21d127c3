"""Programming languages of a repository by lines of its own code; a notebook counts as its kernel's language."""

from __future__ import annotations

from collections import Counter

from tasks.evidence.project.facts import Language
from tasks.evidence.snapshot import Snapshot

BY_EXTENSION = {
    "py": "python", "pyw": "python", "pyx": "cython", "r": "r", "rmd": "r", "qmd": "r", "jl": "julia", "lua": "lua",
    "scala": "scala", "sc": "scala", "java": "java", "kt": "kotlin", "sql": "sql", "sh": "shell", "bash": "shell", "zsh": "shell",
    "ps1": "powershell", "bat": "batch", "js": "javascript", "jsx": "javascript", "mjs": "javascript", "ts": "typescript",
    "tsx": "typescript", "vue": "javascript", "svelte": "javascript", "c": "c", "h": "c", "cc": "c++", "cpp": "c++", "cxx": "c++",
    "hpp": "c++", "cu": "cuda", "cuh": "cuda", "go": "go", "rs": "rust", "m": "matlab", "cs": "c#", "rb": "ruby", "php": "php",
    "swift": "swift", "f90": "fortran", "sas": "sas", "do": "stata", "pl": "perl", "dart": "dart", "tf": "terraform", "hs": "haskell",
}  # fmt: skip
"""Languages by file ending, lower case. Markup, styles and data are not code."""
NOTEBOOKS = (".ipynb", ".Rmd", ".rmd", ".qmd")
"""Endings of files in which code and prose take turns."""


def find_languages(snapshot: Snapshot) -> tuple[Language, ...]:
    """Languages with their lines, most lines first."""
    lines: Counter[str] = Counter()
    for source in snapshot.sources:
        if source.is_notebook and source.notebook:
            lines[kernel_language(source.notebook.language)] += sum(c.source.count("\n") + 1 for c in source.notebook.code_cells)
        else:
            lines["python"] += source.lines
    for path in snapshot.own:
        if (language := language_of(path)) and not path.endswith((".py", ".pyw")):
            lines[language] += snapshot.bytes(path).count(b"\n") + 1
    total = sum(lines.values())
    return tuple(Language(name=n, lines=c, share=round(c / total, 4)) for n, c in lines.most_common() if c)


def language_of(path: str) -> str | None:
    """The language a file's ending stands for; None for notebooks, data, markup and minified scripts."""
    name = path.rpartition("/")[2]
    if "." not in name or name.endswith((".min.js", ".bundle.js")):
        return None
    return BY_EXTENSION.get(name.rpartition(".")[2].lower())


def kernel_language(name: str) -> str:
    """`R` and `ir` are `r`, `julia-1.9` is `julia`."""
    name = name.lower()
    return "r" if name in ("r", "ir") else next((known for known in ("python", "julia", "scala", "lua") if name.startswith(known)), name)
