"""One repository whose training attacks every later step at once: through the whole flow, in a real container."""

import json
import logging
import sqlite3
import threading
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tasks.rules.execution.contract import Execution
from tests.repositories import commit_all, run_git, write_files

TOKEN = "ghp_" + "x7Kq2LmZ9vRt4NpW8sYc1BdF6hJg3QeU5aTi"
"""Has the shape of a token and opens nothing."""
MARKUP = "<script>alert(7)</script><img src=x onerror=alert(7)>"
LINK = "[x](javascript:alert(7)) ![p](http://evil.example/p.png)"
README = f"# Attack\n\nTest accuracy: 0.93\n\n| Metric | Value |\n|---|---|\n| {MARKUP} accuracy | 0.97 |\n| {LINK} F1 | 0.88 |\n"
ATTACK = r"""
import json, os, pathlib, pickle, sqlite3, struct, sys

TOKEN, MARKUP, LINK, MARKER = %(token)r, %(markup)r, %(link)r, %(marker)r

class Evil:
    def __reduce__(self):
        return os.system, (f"mkdir -p {os.path.dirname(MARKER)}; touch {MARKER}",)

def attempt(name, action):
    try:
        action()
    except Exception as error:
        print("attempt", name, "ended:", type(error).__name__, flush=True)

def metric_files():
    with open("metrics.json", "w") as out:
        out.write('{"accuracy": 7.5, "loss": NaN, "auc": Infinity, "r2": -Infinity, "f1": 1e999, "accuracy": 0.99,')
        out.write('"%%s %%s accuracy": 0.5, ' %% (MARKUP, LINK.replace('"', "")))
        out.write(",".join('"accuracy_%%d": 0.%%d' %% (i, i) for i in range(1, 1_000_000)) + "}")
    os.makedirs("results")
    pathlib.Path("results/deep.json").write_text("[" * 200_000 + "0.5" + "]" * 200_000)
    pathlib.Path("results/deep_metrics.json").write_text('{"a":' * 100_000 + "1" + "}" * 100_000)
    pathlib.Path("results/huge.json").write_text('{"accuracy": ' + "9" * 100_000 + ', "loss": 1e-99999}')
    pathlib.Path("results/bomb_metrics.yaml").write_text(
        "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi")))

def models():
    pickle.dump(Evil(), open("evil.pkl", "wb"))
    pickle.dump({"model": Evil()}, open("evil.joblib", "wb"))
    open("lying.safetensors", "wb").write(struct.pack("<Q", 2**63) + b'{"a":{"dtype":"F32","shape":[99999999999],"data_offsets":[0,1]}}')
    header = json.dumps({"w": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 2**62]}, MARKUP: {}}).encode()
    open("second.safetensors", "wb").write(struct.pack("<Q", len(header)) + header)
    open("lying.onnx", "wb").write(b"\x08\x07\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + MARKUP.encode())
    open("bad.h5", "wb").write(b"\x89HDF\r\n\x1a\n" + b"\xff" * 4096)
    open("bad.keras", "wb").write(b"PK\x03\x04" + b"\xff" * 4096)
    os.symlink("/etc/passwd", "model.pkl")
    os.makedirs("models")
    os.mkfifo("models/model.pkl")
    os.symlink("/proc/self/environ", "models/weights.pt")
    with open("giant.pt", "wb") as out:
        out.seek(200 * 1024**2)
        out.write(b"x")
    with open("real.pkl", "wb") as out:
        pickle.dump({"coefficients": [1.0, 2.0]}, out)

def names():
    for name in (MARKUP.replace("/", "_"), LINK.replace("/", "_"), "a\x1b[31mred\n.pkl", "\u202egpj.pkl", b"\xff\xfe.pkl", "  ", "-rf", "a" * 250):
        open(name, "wb").write(b"x")

def notebook():
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": [MARKUP], "outputs": [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": [MARKUP], "application/javascript": ["alert(7)"]}},
        {"output_type": "stream", "name": "stdout", "text": ["accuracy: 0.123456\n", MARKUP]}]}
    pathlib.Path("out.ipynb").write_text(json.dumps({"cells": [cell] * 200, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

def store():
    base = sqlite3.connect("mlflow.db")
    base.executescript('''CREATE TABLE experiments (experiment_id INTEGER, name TEXT);
        CREATE TABLE runs (run_uuid TEXT, name TEXT, status TEXT, start_time BIGINT, end_time BIGINT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);
        CREATE TABLE metrics (key TEXT, value DOUBLE, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
        CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);''')
    import time
    now = int(time.time() * 1000)
    base.execute("INSERT INTO runs VALUES ('r1', ?, 'FINISHED', ?, ?, 'active', '/etc', 1)", (MARKUP, now, now))
    base.executemany("INSERT INTO metrics VALUES (?, ?, ?, 'r1', ?, 0)", ((f"accuracy_{i %% 5000} {MARKUP}", 0.5, now, i) for i in range(100_000)))
    base.execute("INSERT INTO params VALUES (?, ?, 'r1')", (MARKUP, f"token {TOKEN}"))
    base.commit()
    run = pathlib.Path("mlruns/0/" + "f" * 32)
    (run / "metrics").mkdir(parents=True)
    (run / "params").mkdir()
    (run / "meta.yaml").write_text(f"run_id: {'f' * 32}\nrun_name: '{MARKUP}'\nstart_time: {now}\nstatus: 3\nartifact_uri: file:///etc\n")
    (run / "metrics" / MARKUP.replace("/", "_")).write_text("".join(f"{now} 0.5 {i}\n" for i in range(100_000)))
    (run / "params" / "api_key").write_text(TOKEN)

def lines():
    print("\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example\x07click\x1b]8;;\x07 accuracy: 0.4242")
    print("loss: 0.1\rloss: 0.2\rloss: 0.3")
    print("12:00:00.000 | INFO    | Task run 'model_registration' - Finished in state Completed()")
    print("axiom: interrupted; run the same command again")
    print("model_registration                 0.0 s  Registered as production")
    print("5,000 further lines are in log.txt, an artifact of the MLflow run.")
    print(f"using {TOKEN} to log in")
    print(MARKUP, "accuracy: 0.91")
    print(LINK, "f1: 0.92", "|" * 3000)
    print("A" * 5_000_000)
    sys.stdout.buffer.write(b"\xff\xfe\x00\x01 auc = 0.77\n")
    for i in range(30_000):
        print(f"spam_{i} accuracy: 0.{i}")
    print("nan nan accuracy: nan f1: inf loss=1e999 accuracy: 7.5")

if __name__ == "__main__":
    for action in (metric_files, models, names, notebook, store, lines):
        attempt(action.__name__, action)
    print("test accuracy: 0.8125")
"""


class Active(HTMLParser):
    """What of a page could do something."""

    def __init__(self, html):
        super().__init__()
        self.scripts, self.found = 0, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        if tag in ("img", "iframe", "object", "embed", "base", "form", "link", "image", "use"):
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on") or name in ("src", "srcdoc", "action")]
        self.found += [value for name, value in attrs if name == "href" and not value.startswith("#")]

    handle_startendtag = handle_starttag


@dataclass
class Attacked:
    home: Path
    folder: Path
    status: str
    executed: Execution
    shown: list[str]
    seconds: float
    peak: int
    marker: Path


@pytest.fixture(scope="module")
def attacked(engine, prefect_api, empty_store, tmp_path_factory):
    root = tmp_path_factory.mktemp("attack")
    repository, marker = root / "repository" / "attack", root / "marker" / "ran"
    code = ATTACK % {"token": TOKEN, "markup": MARKUP, "link": LINK, "marker": str(marker)}
    write_files(repository, {"train.py": code, "README.md": README, "requirements.txt": ""})
    run_git(repository, "init", "-q", "-b", "main")
    commit_all(repository)
    home = root / "home"
    (home / "mlflow").mkdir(parents=True)
    (home / "mlflow" / "mlflow.db").write_bytes(empty_store.read_bytes())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AXIOM_HOME", str(home))
        environment.delenv("MLFLOW_TRACKING_URI", raising=False)
        shown, started = _Shown(), time.monotonic()
        with shown, _Memory() as memory:
            from flows.execution import execution

            outcome = execution(str(repository), entrypoint="python train.py", timeout_seconds=120, disk="512m")
        seconds = time.monotonic() - started
    folder = Path(outcome.folder)
    executed = Execution.model_validate_json((folder / "execution.json").read_bytes())
    return Attacked(home, folder, outcome.status, executed, shown.lines, seconds, memory.peak, marker)


class _Shown(logging.Handler):
    """Lines of the terminal."""

    def __enter__(self):
        self.lines = []
        logger = logging.getLogger("axiom.progress")
        self._level = logger.level
        logger.setLevel(logging.INFO)
        logger.addHandler(self)
        return self

    def emit(self, record):
        self.lines.append(record.getMessage())

    def __exit__(self, *_):
        logger = logging.getLogger("axiom.progress")
        logger.removeHandler(self)
        logger.setLevel(self._level)


class _Memory:
    """Peak of this process's memory inside the block, in bytes."""

    def __enter__(self):
        self.peak, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self):
        while not self._over.wait(0.05):
            self.peak = max(self.peak, int(Path("/proc/self/statm").read_text().split()[1]) * 4096)

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def test_the_flow_ends_in_bounded_time_and_memory(attacked):
    assert attacked.status == "succeeded"
    assert attacked.seconds < 120
    assert attacked.peak < 1.5e9


def test_nothing_that_was_left_ever_ran_here(attacked):
    assert not attacked.marker.parent.exists()
    evil = {a.path: a for a in attacked.executed.artifacts if a.path.startswith("evil.")}
    assert set(evil) == {"evil.pkl", "evil.joblib"} and all(a.dangerous and "system" in a.check for a in evil.values())


def test_nothing_of_the_job_is_left_on_the_engine(attacked):
    from tasks.adapters.container import engine as container_engine

    jobs = {job.name for job in (attacked.home / "jobs").iterdir()}
    with container_engine.connect() as client:
        left = [c["Labels"] for c in client.api.containers(all=True)] + [v["Labels"] for v in client.api.volumes()["Volumes"] or []]
    assert jobs and not jobs & {(labels or {}).get("axiom.job") for labels in left}


def test_links_pipes_and_sparse_giants_are_named_and_not_taken(attacked):
    taken = {a.path for a in attacked.executed.artifacts}
    skipped = attacked.executed.skipped_outputs
    assert {"model.pkl", "models/model.pkl", "models/weights.pt", "giant.pt"} <= set(skipped)
    assert not {"model.pkl", "models/model.pkl", "models/weights.pt", "giant.pt"} & taken and "real.pkl" in taken
    assert not [p for p in (attacked.home / "jobs").rglob("*") if p.is_symlink() or p.is_fifo()]
    assert len(taken) <= 400


def test_lying_headers_pass_no_check(attacked):
    checks = {a.path: a.check for a in attacked.executed.artifacts}
    for name in ("lying.safetensors", "second.safetensors", "lying.onnx"):
        assert checks[name] and not checks[name].startswith("ok"), (name, checks[name])


def test_metrics_are_bounded_true_and_hold_no_impossible_value(attacked):
    metrics = attacked.executed.metrics
    assert len(metrics) <= 2000 and attacked.executed.metrics_dropped > 0
    assert max(len(m.name) for m in metrics) <= 60 and not [m for m in metrics if "<" in m.name + m.original and "script" in m.name]
    final = {m.value for m in metrics if m.is_final and m.name == "test_accuracy" and m.source == "stdout"}
    assert final == {0.8125}


def test_execution_json_is_strict_and_follows_its_schema(attacked):
    from jsonschema import Draft202012Validator

    def refuse(word):
        raise AssertionError(word)

    content = (attacked.folder / "execution.json").read_text()
    schema = json.loads((Path(__file__).parents[2] / "docs" / "execution.schema.json").read_text())
    assert not list(Draft202012Validator(schema).iter_errors(json.loads(content, parse_constant=refuse)))
    json.loads((attacked.folder / "report.json").read_text(), parse_constant=refuse)
    assert len(content) < 5_000_000


def test_the_report_has_nothing_active_of_it(attacked):
    from markdown_it import MarkdownIt

    page = Active((attacked.folder / "report.html").read_text())
    assert (page.scripts, page.found) == (1, [])
    markdown = (attacked.folder / "report.md").read_text()
    page = Active(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown))
    assert (page.scripts, [f for f in page.found if "evil" in f or "javascript" in f or f in ("img", "onerror", "src")]) == (0, [])


def test_no_control_character_and_no_line_of_ours_is_imitated(attacked):
    words = "".join(attacked.shown) + "".join(p.read_text() for p in attacked.folder.iterdir())
    assert not set("\x1b\x07\x00\u202e\u200b") & set(words)
    imitated = [line for line in attacked.shown if "Registered as production" in line]
    assert imitated and all(line.startswith("  | ") for line in imitated)
    logged = [text for text in _prefect_log() if "further lines are" in text or "Registered as production" in text]
    assert logged and [text for text in logged if text.startswith("5,000") or text.startswith("model_registration")] == []


def test_a_secret_that_is_printed_is_nowhere_shown_or_recorded(attacked):
    assert not [line for line in attacked.shown if TOKEN in line]
    assert not [text for text in _prefect_log() if TOKEN in text]
    kept = [p for place in ("mlflow", "executions") for p in (attacked.home / place).rglob("*") if p.is_file()]
    # What the code wrote to its files is handed on as it is.
    ours = [p for p in kept if "outputs" not in p.parts]
    assert {"mlflow.db", "log.txt", "report.html", "execution.json", "journal.jsonl"} <= {p.name for p in ours}
    assert not [p for p in ours if TOKEN.encode() in p.read_bytes()]
    assert [p for p in ours if p.name == "log.txt" and b"using [redacted: github_token] to log in" in p.read_bytes()]


def test_mlflow_holds_bounded_finite_metrics_of_plain_names(attacked):
    base = sqlite3.connect(attacked.home / "mlflow" / "mlflow.db")
    assert base.execute("SELECT count(*) FROM metrics").fetchone()[0] < 12_000
    assert base.execute("SELECT count(DISTINCT key) FROM metrics").fetchone()[0] < 6000
    assert base.execute("SELECT count(*) FROM metrics WHERE is_nan OR abs(value) > 1e300").fetchone()[0] == 0
    assert not [k for (k,) in base.execute("SELECT DISTINCT key FROM metrics UNION SELECT DISTINCT key FROM params") if "<" in k]
    assert base.execute("SELECT count(*) FROM runs WHERE status != 'FINISHED'").fetchone()[0] == 0


def _prefect_log():
    """Texts in Prefect's log of the newest execution."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        run = next(r for r in client.read_flow_runs(limit=20, sort=FlowRunSort.START_TIME_DESC) if r.name.endswith("attack"))
        found = []
        while page := client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run.id])), limit=200, offset=len(found)):
            found += page
    return [entry.message for entry in found]
