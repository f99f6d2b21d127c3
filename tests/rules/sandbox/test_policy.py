"""Every setting of the policy is missed when it is not there."""

import copy

import pytest

from tasks.rules.sandbox.job import Limits
from tasks.rules.sandbox.policy import (
    check_settings,
    describe_settings,
    fit_engine,
    host_settings,
    keeper_limits,
    memory_limit,
    volume_options,
)

GIB = 1024**3
LIMITS = Limits(memory_bytes=GIB, workspace_bytes=2 * GIB, cpus=1.5, pids=100)


@pytest.fixture
def inspect():
    """What an engine answers for a container as it should be."""
    return {
        "HostConfig": host_settings(LIMITS)
        | {"Privileged": False, "CapAdd": None, "Binds": None, "PidMode": "", "MaskedPaths": ["/proc/kcore"]},
        "Config": {"User": "65534:65534", "Env": ["PATH=/bin", "HOME=/work/home", "TMPDIR=/tmp", "LANG=C", "SEED=1"], "Tty": False},
        "Mounts": [{"Type": "volume", "Name": "v", "Destination": "/work"}, {"Type": "tmpfs", "Destination": "/tmp"}],
    }


def violations(inspect):
    return check_settings(inspect, LIMITS, "v", ["PATH", "SEED"])


def test_a_container_as_it_should_be_has_no_violation(inspect):
    assert violations(inspect) == []


@pytest.mark.parametrize("key", sorted(host_settings(LIMITS)))
def test_each_setting_that_was_dropped_is_named(inspect, key):
    broken = copy.deepcopy(inspect)
    del broken["HostConfig"][key]
    assert [v for v in violations(broken) if v.startswith(key)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NetworkMode", "host"),
        ("Memory", 0),
        ("MemorySwap", -1),
        ("PidsLimit", None),
        ("SecurityOpt", ["no-new-privileges:true", "seccomp=unconfined"]),
        ("CapDrop", ["NET_RAW"]),
        ("Privileged", True),
        ("CapAdd", ["SYS_ADMIN"]),
        ("Binds", ["/var/run/docker.sock:/var/run/docker.sock"]),
        ("PidMode", "host"),
        ("UsernsMode", "host"),
        ("IpcMode", "host"),
        ("Devices", [{"PathOnHost": "/dev/sda"}]),
        ("MaskedPaths", []),
        ("OomKillDisable", True),
        ("Ulimits", []),
        ("LogConfig", {"Type": "json-file", "Config": {}}),
        ("Tmpfs", {"/tmp": ""}),
    ],
)
def test_each_setting_that_was_weakened_is_named(inspect, key, value):
    inspect["HostConfig"][key] = value
    assert [v for v in violations(inspect) if v.startswith(key)]


def test_a_foreign_mount_user_terminal_or_variable_is_named(inspect):
    inspect["Mounts"].append({"Type": "bind", "Source": "/", "Destination": "/host"})
    inspect["Config"] |= {"User": "", "Tty": True}
    inspect["Config"]["Env"].append("HTTP_PROXY=http://user:secret@proxy")
    found = " ".join(violations(inspect))
    for words in ("mounts", "User", "terminal", "HTTP_PROXY"):
        assert words in found
    assert "secret" not in found


def test_swap_is_demanded_only_of_an_engine_that_can_limit_it(inspect):
    inspect["HostConfig"]["MemorySwap"] = -1
    assert check_settings(inspect, LIMITS, "v", ["PATH", "SEED"], swap_limited=False) == []


def test_the_workspace_is_charged_to_the_group_and_leaves_the_memory_whole():
    assert memory_limit(LIMITS) == 3 * GIB
    assert host_settings(LIMITS)["Memory"] == host_settings(LIMITS)["MemorySwap"] == 3 * GIB
    assert "size=2147483648,nr_inodes=200000" in volume_options(LIMITS)["o"]


def test_the_keeper_has_no_network_and_next_to_nothing():
    keeper = keeper_limits(Limits(network="bridge"))
    assert (keeper.network, keeper.pids) == ("none", 32)
    assert memory_limit(keeper) < 100 * 1024**2


@pytest.mark.parametrize(
    ("memory", "workspace", "engine", "fitted"),
    [
        (4, 4, 24, (4, 4)),
        (4, 4, 8, (3.2, 4)),
        (4, 8, 10, (4, 5)),
        (1, 1, 0, (1, 1)),
    ],
)
def test_limits_never_promise_more_than_the_engines_machine_has(memory, workspace, engine, fitted):
    limits = fit_engine(Limits(memory_bytes=memory * GIB, workspace_bytes=workspace * GIB), engine * GIB, 0)
    assert (round(limits.memory_bytes / GIB, 3), limits.workspace_bytes / GIB) == fitted


def test_processors_are_lowered_to_those_there_are():
    assert fit_engine(Limits(cpus=8), 0, 2).cpus == 2
    assert fit_engine(Limits(cpus=0.5), 0, 2).cpus == 0.5


def test_lowered_limits_are_told(inspect):
    assert "lowered" not in describe_settings(inspect, LIMITS, LIMITS)
    assert "machine has less" in describe_settings(inspect, Limits(cpus=64), LIMITS)["lowered"]
