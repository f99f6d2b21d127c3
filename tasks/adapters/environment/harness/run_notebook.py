"""Run a notebook from top to bottom in a fresh kernel, its text to standard output, going on after a cell that fails.

    python run_notebook.py FILE.ipynb

Runs inside the sandbox with the repository's own Python (3.6 and later) and the nbclient of its environment. Every line of
a cell's output is printed as `[cell N] text` when it comes. Lines that install packages are left out: the environment is
the image's. Ends with 0 when most cells that hold code ran, with 1 otherwise. The executed notebook is saved in
/work/axiom.
"""

import os
import re
import sys

STORE = "/work/axiom"
TEXT_LIMIT = 200000
"""Characters printed of one output."""
INSTALLS = re.compile(
    r"^\s*(?:[!%]+\s*(?:sudo\s+)?(?:\{?sys\.executable\}?\s+-m\s+)?(?:pip3?|conda|mamba|apt|apt-get|uv|poetry)\b|[!%]\s*python\d?\s+-m\s+pip\b)"
)
INSTALL_CELL = re.compile(r"^\s*%%(?:bash|sh|shell|capture)\b")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def main(path):
    import nbformat

    with open(path, "rb") as file:
        notebook = nbformat.reads(_text(file.read()), as_version=4)
    report = Report(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = without_installs(cell.source)
            cell.outputs = []
            cell.execution_count = None
    try:
        run(notebook, report)
    finally:
        save(notebook, path)
    return report.finish()


def _text(data):
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue


def without_installs(source):
    """The cell without lines that install packages; a continued line goes as a whole."""
    kept, continued = [], False
    for line in source.split("\n"):
        inside = continued
        drop = continued or INSTALLS.match(line)
        continued = bool(drop) and line.rstrip().endswith("\\")
        if drop:
            indent = line[: len(line) - len(line.lstrip())]
            statement = "pass  " if indent and not inside else ""
            kept.append(indent + statement + "# not run here: " + line.strip())
        else:
            kept.append(line)
    return "\n".join(kept)


class Report:
    """Prints what cells say and counts how they end."""

    def __init__(self, notebook):
        self.total = sum(1 for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip())
        self.ran = 0
        self.failed = []
        self.died = None
        self.open = None

    def say(self, index, text, stream=None):
        """Whole lines as they come; the rest of a line waits for its end, unless another cell speaks."""
        text = ESCAPE.sub("", text)[:TEXT_LIMIT]
        if self.open is not None and self.open[0] != index:
            self.flush()
        held = self.open[1] + text if self.open else text
        lines = held.split("\n")
        for line in lines[:-1]:
            self._print(index, line)
        self.open = (index, lines[-1]) if lines[-1] else None

    def flush(self):
        if self.open is not None:
            self._print(*self.open)
            self.open = None

    def _print(self, index, line):
        line = line.rsplit("\r", 1)[-1] if line.strip("\r") else ""
        try:
            print(f"[cell {index}] {line}")
        except UnicodeEncodeError:
            print("[cell {}] {}".format(index, line.encode("ascii", "replace").decode()))
        sys.stdout.flush()

    def output(self, index, message):
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "stream":
            self.say(index, content.get("text", ""))
        elif kind in ("execute_result", "display_data"):
            text = content.get("data", {}).get("text/plain", "")
            if text and not re.match(r"<(?:Figure|matplotlib|AxesSubplot|Axes|seaborn|IPython|plotly)", text):
                self.say(index, text + "\n")
        elif kind == "error":
            for line in content.get("traceback", []):
                self.say(index, line + "\n")

    def finish(self):
        self.flush()
        for index, name, value in self.failed:
            print(f"cell {index} failed: {name}: {value}")
        end = f"notebook: {self.ran} of {self.total} cells with code ran, {len(self.failed)} failed"
        print(end + (", the kernel died: " + self.died if self.died else ""))
        sys.stdout.flush()
        good = self.ran > 0 and len(self.failed) * 2 <= self.total and not self.died
        return 0 if good else 1


def run(notebook, report):
    """Cell after cell; a dead kernel ends it."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    class Client(NotebookClient):
        """Prints every message for the cell that is running."""

        current = None

        def process_message(self, msg, cell, cell_index):
            if self.current is not None:
                report.output(self.current, msg)
            return NotebookClient.process_message(self, msg, cell, cell_index)

    client = Client(notebook, timeout=None, kernel_name=kernel_name(), allow_errors=False, resources={"metadata": {"path": os.getcwd()}})
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            client.current = index
            try:
                client.execute_cell(cell, index)
                report.ran += 1
            except CellExecutionError as error:
                report.failed.append((index, getattr(error, "ename", type(error).__name__), first_line(getattr(error, "evalue", error))))
            except (DeadKernelError, RuntimeError) as error:
                report.died = first_line(error)
                break
            report.flush()


def kernel_name():
    """The kernel of this environment, whatever the notebook was written with."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        names = list(KernelSpecManager().find_kernel_specs())
        return "python3" if "python3" in names or not names else names[0]
    except ImportError:
        return "python3"


def first_line(value):
    lines = [line for line in ESCAPE.sub("", str(value)).split("\n") if line.strip()]
    return lines[0][:300] if lines else ""


def save(notebook, path):
    import nbformat

    try:
        if not os.path.isdir(STORE):
            os.makedirs(STORE)
        nbformat.write(notebook, os.path.join(STORE, os.path.basename(path)))
    except Exception as error:  # the run is what counts
        print(f"the executed notebook was not saved: {error}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
