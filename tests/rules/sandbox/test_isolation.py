"""The isolation level is never higher than what the engine reports."""

import pytest

from tasks.rules.sandbox.isolation import describe_isolation, not_protected, read_status

INFO = {
    "OSType": "linux",
    "Architecture": "x86_64",
    "DefaultRuntime": "runc",
    "Runtimes": {"runc": {"path": "runc"}, "runsc": {"path": "/usr/bin/runsc"}, "kata": {"path": "/opt/kata/bin/kata-runtime"}},
    "SecurityOptions": ["name=seccomp,profile=default"],
    "CgroupVersion": "2",
    "Driver": "overlay2",
    "MemoryLimit": True,
    "SwapLimit": True,
    "PidsLimit": True,
    "CpuCfsQuota": True,
}


def status(version="28.0.1", **changes):
    return read_status(INFO | changes, version)


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "container"),
        ({"DefaultRuntime": "runsc"}, "gvisor"),
        ({"DefaultRuntime": "kata"}, "microvm"),
        ({"DefaultRuntime": "runsc", "Runtimes": {"runsc": {"path": "/usr/bin/runc"}}}, "container"),
        ({"SecurityOptions": []}, "weak"),
        ({"SecurityOptions": ["name=seccomp,profile=unconfined"]}, "weak"),
        ({"PidsLimit": False}, "weak"),
        ({"MemoryLimit": False, "DefaultRuntime": "runsc"}, "weak"),
        ({"CpuCfsQuota": False}, "weak"),
        ({"OSType": "windows"}, "weak"),
        ({"SecurityOptions": [], "DefaultRuntime": "runsc"}, "gvisor"),
    ],
)
def test_level_follows_from_runtime_and_protections(changes, level):
    assert status(**changes).level == level
    assert bool(status(**changes).problems) == (level == "weak")


def test_an_engine_that_says_nothing_is_weak():
    assert read_status({}, "").level == "weak"


def test_what_stays_open_is_said():
    assert "root on the host" in " ".join(not_protected(status(), "none"))
    assert "root on the host" not in " ".join(
        not_protected(status(SecurityOptions=["name=seccomp,profile=default", "name=rootless"]), "none")
    )
    assert "io_uring" in " ".join(not_protected(status("20.10.24+dfsg1"), "none"))
    assert "io_uring" not in " ".join(not_protected(status("25.0.0"), "none"))
    assert "swap" in " ".join(not_protected(status(SwapLimit=False), "none"))


def test_an_open_network_is_part_of_the_description():
    assert "network open" not in describe_isolation(status(), "none")["not_protected"]
    assert "metadata" in describe_isolation(status(), "bridge")["not_protected"]
