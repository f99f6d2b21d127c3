"""A process that dies after any of its calls to MLflow, and many processes at once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from tasks.adapters.registry import ledger as registry_ledger
from tasks.adapters.registry import models as registry
from tasks.adapters.registry import registration as registry_registration
from tasks.errors import TransitionRefused

CHANGES = ("create_", "set_", "delete_", "log_", "finalize_", "restore_")


class Crash(BaseException):
    """The process is gone: nothing of ours may catch it."""


class DyingClient:
    """The real client until its k-th change has been made."""

    def __init__(self, client, left):
        self._client, self._left = client, left

    def __getattr__(self, name):
        call = getattr(self._client, name)
        if not name.startswith(CHANGES):
            return call

        def change(*args, **kwargs):
            answer = call(*args, **kwargs)
            self._left[0] -= 1
            if self._left[0] == 0:
                raise Crash
            return answer

        return change


@contextmanager
def dying(monkeypatch, after):
    """Whether it died: a list that holds something then."""
    died, left, connect = [], [after], registry_ledger.connect
    with monkeypatch.context() as patch:
        patch.setattr(registry_ledger, "connect", lambda home: DyingClient(connect(home), left))
        try:
            yield died
        except Crash:
            died.append(after)


def prove_one_production(shop, name="churn"):
    found = shop.look(name)
    statuses, alias = shop.shown(name)
    assert found.drift == ()
    assert [v for v, s in statuses.items() if s == "production"] == [alias] == [found.ledger.production]
    return alias


def test_a_registration_that_died_anywhere_is_one_version_when_repeated(shop, monkeypatch):
    for after in count(1):
        name = f"m{after}"
        with dying(monkeypatch, after) as died:
            shop.register("key", name)
        assert shop.register("key", name).version == "1"
        assert shop.look(name).drift == () and shop.shown(name) == ({"1": "candidate"}, None)
        if not died:
            break
    assert after > 10


def test_a_promotion_or_rollback_that_died_anywhere_leaves_one_production(shop, monkeypatch):
    for key in range(7):
        shop.move(shop.register(f"k{key}").version, "approved")
    shop.move("1", "production")
    for after in range(1, 7):
        with dying(monkeypatch, after) as died:
            shop.move(str(after + 1), "production")
        with pytest.raises(TransitionRefused, match="production already") if died else nullcontext():
            shop.move(str(after + 1), "production")
        registry.reconcile(shop.home, "churn", "ann")
        assert died and prove_one_production(shop) == str(after + 1)
    for after in range(1, 7):
        with dying(monkeypatch, after) as died:
            registry.rollback(shop.home, "churn", "ann", "bad")
        registry.reconcile(shop.home, "churn", "ann")
        assert died and prove_one_production(shop) == str(7 - after)


def together(*calls):
    """Results or refusals of calls made at the same moment."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        gate.wait()
        try:
            results[place] = call()
        except TransitionRefused as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def promote(shop, version, seen):
    return registry.transition(shop.home, "churn", version, "production", "ann", "", seen=seen)


def test_of_two_promoters_one_wins_and_the_other_is_told(shop):
    shop.move(shop.register("k0").version, "approved")
    for turn in range(1, 4):
        shop.move(shop.register(f"k{turn}").version, "approved")
        ledger = shop.look().ledger
        waiting = [v for v, s in ledger.states.items() if s == "approved"]
        results = together(*(partial(promote, shop, v, ledger.seen(v)) for v in waiting))
        refused = [r for r in results if isinstance(r, TransitionRefused)]
        assert len(refused) == 1 and "Somebody else changed churn meanwhile" in str(refused[0])
        assert prove_one_production(shop) in waiting


def test_moves_that_do_not_touch_each_other_all_happen(shop):
    for key in "abcd":
        shop.register(key)
    together(*(lambda v=v: shop.move(v, "approved") for v in "1234"))
    assert set(shop.look().ledger.states.values()) == {"approved"} and shop.look().ledger.length == 8


@pytest.mark.parametrize("lock", [True, False], ids=["one machine", "eight machines"])
def test_eight_registrations_of_one_key_are_one_version(shop, monkeypatch, lock):
    if not lock:
        monkeypatch.setattr(registry_registration, "locked", lambda path: nullcontext())
    shop.register("other", content=b"same")
    made = together(*(lambda: shop.register("key", content=b"same") for _ in range(8)))
    registry.reconcile(shop.home, "churn", "ann")
    assert len({m.version for m in made}) == 1
    assert len(shop.versions()) == 2 and shop.look().drift == ()


PROMOTER = """
import sys, time
from pathlib import Path
from tasks.adapters.registry import models as registry
from tasks.errors import TransitionRefused
home, place, me = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
for turn in range(2):
    while not (place / f"go{turn}").exists():
        time.sleep(0.01)
    version = (place / f"go{turn}").read_text().split()[int(me)]
    seen = registry.read_model(home, "churn").ledger.seen(version)
    (place / f"seen{turn}-{me}").touch()
    while not (place / f"seen{turn}-{1 - int(me)}").exists():
        time.sleep(0.001)
    try:
        registry.transition(home, "churn", version, "production", me, "", seen=seen)
        told = "won"
    except TransitionRefused as error:
        told = str(error)
    (place / f"said{turn}-{me}.part").write_text(told)
    (place / f"said{turn}-{me}.part").rename(place / f"said{turn}-{me}")
"""


def test_of_two_promoting_processes_one_wins_each_time(shop, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    command = [sys.executable, "-c", PROMOTER, str(shop.home), str(place)]
    processes = [subprocess.Popen([*command, me], cwd=Path(__file__).parents[3]) for me in "01"]
    try:
        shop.move(shop.register("k0").version, "approved")
        for turn in range(2):
            shop.move(shop.register(f"k{turn + 1}").version, "approved")
            waiting = [v for v, s in shop.look().ledger.states.items() if s == "approved"]
            (place / "go.part").write_text(" ".join(waiting))
            (place / "go.part").rename(place / f"go{turn}")
            said = sorted(wait_for(place / f"said{turn}-{me}") for me in "01")
            assert said[1] == "won" and "Somebody else" in said[0]
            assert prove_one_production(shop) in waiting
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_for(path, seconds=60):
    deadline = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return path.read_text()
