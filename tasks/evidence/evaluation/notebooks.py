"""In which state notebooks were committed: run from top to bottom, out of order, never, or with an error on screen."""

from __future__ import annotations

from tasks.evidence.evaluation.facts import NotebookState
from tasks.evidence.notebook import Cell, Notebook
from tasks.evidence.place import Place, clip
from tasks.evidence.snapshot import Snapshot


def find_notebooks(snapshot: Snapshot) -> tuple[NotebookState, ...]:
    """The state of every notebook of the repository's own, in path order; a broken one is counted with no cells."""
    states = []
    for path in snapshot.matching(r"\.ipynb$"):
        source = snapshot.source(path)
        if source is not None and source.notebook is not None:
            states.append(_state(path, source.notebook))
    return tuple(states)


def _state(path: str, notebook: Notebook) -> NotebookState:
    cells = notebook.code_cells
    disorder = _first_disorder(cells)
    error = next((c for c in notebook.cells if c.has_error), None)
    counted = any(c.execution_count is not None for c in notebook.cells if c.kind == "code")
    return NotebookState(
        file=path,
        language=notebook.language,
        code_cells=len(cells),
        with_outputs=any(c.has_output for c in notebook.cells),
        out_of_order=disorder is not None,
        never_run=bool(cells) and not counted,
        with_errors=error is not None,
        python2=(notebook.python_version or "").startswith("2"),
        first_disorder=_place(path, disorder, "execution count falls or repeats") if disorder else None,
        first_error=_place(path, error, "saved traceback") if error else None,
    )


def _first_disorder(cells: list[Cell]) -> Cell | None:
    """The first cell whose execution count is not above all counts before it."""
    highest = 0
    for cell in cells:
        if cell.execution_count is None:
            continue
        if cell.execution_count <= highest:
            return cell
        highest = cell.execution_count
    return None


def _place(path: str, cell: Cell, note: str) -> Place:
    first = next((line for line in cell.source.split("\n") if line.strip()), "")
    return Place(file=path, line=cell.line, snippet=clip(first), cell=cell.index, note=note)
