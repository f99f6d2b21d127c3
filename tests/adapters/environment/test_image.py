"""Building environments in real containers, from the real index, with the smallest packages there are."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import docker
import pytest

from tasks.adapters.container.reaper import reap
from tasks.adapters.environment.image import build_environment
from tasks.adapters.environment.trim import trim_images
from tasks.rules.execution.plan import BuildFailure, EnvironmentPlan, Requirement

pytestmark = pytest.mark.usefixtures("engine")


def plan(*lines, python="3.11", as_of=None):
    names = [(line.split("==")[0], f"=={line.split('==')[1]}" if "==" in line else "") for line in lines]
    return EnvironmentPlan(
        python=python, as_of=as_of, requirements=tuple(Requirement(name=n, specifier=s, source="requirements.txt:1") for n, s in names)
    )


@pytest.fixture(scope="module")
def client():
    found = docker.from_env()
    yield found
    found.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory, engine):
    folder = tmp_path_factory.mktemp("home")
    yield folder
    trim_images(folder, keep=0, keep_seconds=0)


SMALL = plan("six==1.16.0", as_of=date(2022, 3, 14))


@pytest.fixture(scope="module")
def both(home):
    """The same environment asked for by two at once, with settings of ours around."""
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AXIOM_CANARY", "canary-one")
        patch.setenv("NO_PROXY", "canary-two.example")
        with ThreadPoolExecutor(2) as pool:
            built = list(pool.map(lambda _: build_environment(SMALL, home, said.append), range(2)))
    return sorted(built, key=lambda environment: environment.cached), said


def test_two_who_want_the_same_get_one_image(both):
    (first, second), said = both
    assert (first.cached, second.cached) == (False, True)
    assert first.image == second.image and "six==1.16.0" in first.resolved
    assert len([line for line in said if line.startswith("installing")]) == 1


def test_the_second_build_builds_nothing(both, home):
    said = []
    started = time.monotonic()
    again = build_environment(SMALL, home, said.append)
    assert (again.cached, again.resolved, said) == (True, both[0][0].resolved, [])
    assert time.monotonic() - started < 2


def test_the_image_holds_the_package_with_its_bytecode_for_nobody(both, client):
    code = "import os, six, sys; print(six.__version__, sys.executable, os.getuid(), os.path.exists(six.__cached__))"
    said = client.containers.run(both[0][0].image, ["python", "-c", code], remove=True, network_mode="none", read_only=True)
    assert said.split() == [b"1.16.0", b"/opt/env/bin/python", b"65534", b"True"]


def test_the_image_keeps_nothing_of_ours(both, client):
    image = client.images.get(both[0][0].image)
    kept = f"{image.attrs}{image.history()}"
    assert "canary" not in kept and str(Path.home()) not in kept.replace("/root/", "")
    assert not {label for label, value in image.labels.items() if value} - {"axiom.key", "axiom.created", "axiom.environment"}


def test_a_package_that_exists_as_source_only_is_built_inside(home):
    built = build_environment(plan("docopt==0.6.2", as_of=date(2022, 3, 14)), home)
    assert "docopt==0.6.2" in built.resolved
    assert any("built inside the build container" in note for note in built.notes)


def test_a_package_that_does_not_exist_is_named(home):
    failure = build_environment(plan("six", "axiom-no-such-package"), home)
    assert isinstance(failure, BuildFailure)
    assert (failure.cause, failure.step, failure.packages) == ("input", "resolve", ("axiom-no-such-package",))
    assert "axiom-no-such-package" in failure.detail


def test_a_python_without_an_image_is_a_result(home):
    failure = build_environment(plan("six", python="3.1"), home)
    assert (failure.step, failure.reason) == ("image", "python_version")
    assert failure.detail == "needs Python 3.1; image python:3.1-slim cannot be had"


def test_a_line_with_an_option_is_refused_by_name(home):
    failure = build_environment(plan("-r /etc/hostname"), home)
    assert (failure.cause, failure.step) == ("input", "resolve")
    assert "-r /etc/hostname" in failure.detail and "requirements.txt:1" in failure.detail


def test_an_interruption_leaves_nothing(home, client):
    def interrupt(line):
        if "environment at" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_environment(plan("six==1.15.0"), home, interrupt)
    assert ours(client, os.getpid()) == []


CRASH = """
import os
from tasks.adapters.container.engine import connect
from tasks.adapters.environment.container import open_builder
with connect() as client, open_builder(client, "python:3.11-slim", "crash", 300, print):
    os._exit(9)
"""


def test_what_a_crash_leaves_the_reaper_removes(home, client):
    process = subprocess.Popen([sys.executable, "-c", CRASH], cwd=Path(__file__).parents[3])
    assert process.wait(60) == 9
    assert len(ours(client, process.pid)) == 2
    reap(home)
    assert ours(client, process.pid) == []


def test_only_images_of_this_home_are_trimmed(both, client, tmp_path):
    assert trim_images(tmp_path, keep=0, keep_seconds=0) == []
    assert client.images.get(both[0][0].image)


def ours(client, pid):
    """Containers and volumes of builds that a process of this machine owns."""
    labels = {"label": ["axiom.role=build", f"axiom.pid={pid}"]}
    return client.containers.list(all=True, filters=labels) + client.volumes.list(filters=labels)
