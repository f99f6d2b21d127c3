"""Generated code that cheats, in real containers: none of it changes a score, sees a target or a sealed row, or reaches outside."""

import json
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from tasks.adapters.generated_code.environment import image_within
from tasks.adapters.generated_code.features import (
    HARNESS,
    CodeRefused,
    Sandbox,
    fit_and_transform,
    make_features,
    read_apart,
    read_first,
    transform_apart,
)
from tasks.adapters.generated_code.running import run_generated, tree_of
from tasks.modelling.generated.plain_table import read_table
from tests.adapters.generated_code.attacks import CHEATS, EXHAUSTIONS, HARMLESS, REACHES, code

SECRET = "SECRET-8731"
SECONDS = 4
DRIVER = """
import os, signal, sys, time
sys.path.insert(0, os.getcwd())
import run_features
for name in sorted(os.listdir("attacks")):
    child = os.fork()
    if child == 0:
        os.chdir(f"attacks/{name}")
        sys.argv = ["run_features.py", "steps.json"]
        sys.modules["__main__"].__dict__.update(vars(run_features))
        try:
            run_features.main()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
"""
"""Many attacks in one container, each in a process and a folder of its own."""


@pytest.fixture(scope="module")
def sandbox(engine, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return Sandbox(image_within(home, 300.0), home, "attacks")


@pytest.fixture(scope="module")
def rows():
    random = np.random.default_rng(3)
    return pd.DataFrame({"a": random.normal(size=150), "b": random.normal(size=150)})


@pytest.fixture(scope="module")
def reached(sandbox, rows, tmp_path_factory):
    """What each attack on the outside got, and how many spoke to the host's server."""
    home = sandbox.home
    (home / "data").mkdir()
    sealed = home / "data" / "sealed.csv"
    sealed.write_text(f"y\n{SECRET}\n")
    with socket.create_server(("0.0.0.0", 0)) as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("AXIOM_SECRET", SECRET)
        calls = []
        threading.Thread(target=lambda: calls.append(server.accept()), daemon=True).start()
        places = {"@SEALED@": str(sealed), "@HOME@": str(home), "@HOST@": _own_address(), "@PORT@": str(server.getsockname()[1])}
        code = {"reaches": _looking(places)}
        with _together(sandbox, code, {"reaches": fit_and_transform(rows)}) as folders:
            assert _error(folders / "reaches") == ""
            made = read_table(folders / "reaches/out/rows", len(rows)).iloc[0]
    return dict(made), len(calls), home


def _own_address():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def _looking(places):
    """One module that tries them all, and tells in a column each what it got."""
    lines = ["got = {}"]
    for name, expression in REACHES.items():
        for place, real in places.items():
            expression = expression.replace(place, real)
        lines += ["try:", f"    got[{name!r}] = ['got ' + str({expression})[:150]] * len(rows)"]
        lines += ["except BaseException as error:", f"    got[{name!r}] = ['failed'] * len(rows)"]
    return code("\n".join([*lines, "return pd.DataFrame(got)"]))


@pytest.mark.parametrize("attack", REACHES)
def test_nothing_outside_the_container_is_reached(reached, attack):
    assert reached[0][attack] == "failed"


def test_the_host_heard_nothing_and_kept_its_files(reached):
    _, calls, home = reached
    assert calls == 0
    assert not (home / "leak.csv").exists()
    assert (home / "data" / "sealed.csv").read_text() == f"y\n{SECRET}\n"


@pytest.fixture(scope="module")
def judged(sandbox, rows):
    """Per attack on the result: the columns that would be believed, or the reason why there are none."""
    codes = {name: text for name, (text, _) in CHEATS.items()} | HARMLESS
    first, verdicts = {}, {}
    with _together(sandbox, codes, {name: fit_and_transform(rows) for name in codes}) as folders:
        for name in codes:
            try:
                first[name] = read_first(folders / name, rows, "y")
            except CodeRefused as refused:
                verdicts[name] = f"{refused} {_error(folders / name)}"
    works = {name: transform_apart(rows, state, {}) for name, (state, _) in first.items()}
    with _together(sandbox, codes, works) as folders:
        for name, (_, columns) in first.items():
            try:
                verdicts[name] = read_apart(folders / name, rows, columns, ())[0]
            except CodeRefused as refused:
                verdicts[name] = f"{refused} {_error(folders / name)}"
    return verdicts


class _together:
    """One container for many codes."""

    def __init__(self, sandbox, codes, works):
        self.sandbox, self.codes, self.works = sandbox, codes, works

    def __enter__(self):
        self.tree = tree_of({"driver.py": DRIVER}, HARNESS)
        tree = self.tree.__enter__()
        for name, work in self.works.items():
            work.write(self.codes[name], tree / "attacks" / name)
        self.ran = run_generated(self.sandbox.image, tree, ("python", "driver.py"), self.sandbox.home, 60, "attacks")
        outcome = self.ran.__enter__()
        assert outcome.problem == ""
        return outcome.folder / "attacks"

    def __exit__(self, *error):
        self.ran.__exit__(*error)
        self.tree.__exit__(*error)


def _error(folder):
    file = folder / "out" / "error.txt"
    return file.read_text() if file.is_file() else ""


@pytest.mark.parametrize("attack", CHEATS)
def test_a_result_that_is_not_made_row_by_row_is_refused(judged, attack):
    verdict = judged[attack]
    assert isinstance(verdict, str), "its columns would have been believed"
    assert re.search(CHEATS[attack][1], verdict)


@pytest.mark.parametrize("attack", HARMLESS)
def test_what_code_does_to_its_own_process_changes_nothing_here(judged, rows, attack):
    from sklearn.metrics import log_loss

    assert np.allclose(judged[attack]["x"], rows["a"] * rows["b"])
    assert log_loss([0, 1], [0.5, 0.5]) == pytest.approx(np.log(2))
    assert np.mean([1.0, 3.0]) == 2.0


@pytest.fixture(scope="module")
def exhausted(sandbox, rows):
    def attempt(name):
        began = time.monotonic()
        try:
            make_features(sandbox, EXHAUSTIONS[name], rows, {}, "y", time.time() + SECONDS)
        except CodeRefused as refused:
            return str(refused), time.monotonic() - began
        return None, time.monotonic() - began

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(EXHAUSTIONS, pool.map(attempt, EXHAUSTIONS), strict=True))


@pytest.mark.parametrize("attack", EXHAUSTIONS)
def test_code_that_exhausts_the_machine_ends_soon_and_badly(exhausted, attack):
    why, seconds = exhausted[attack]
    assert why
    assert seconds < 5 * SECONDS


def test_there_are_at_least_forty_attacks():
    names = [*REACHES, *CHEATS, *HARMLESS, *EXHAUSTIONS]
    assert len(set(names)) == len(names) >= 40
    assert json.dumps(names)
