"""A probe holds only when what was seen says so; what was not seen does not hold."""

import pytest

from tasks.rules.sandbox.probes import PROBE_LIMITS, read_inside

GOOD = {
    "internet": "ENETUNREACH", "metadata": "ENETUNREACH", "dns": "-3", "interfaces": ["lo"], "environment": ["HOME", "PATH"], "socket": [],
    "uid": 65534, "CapEff": "0000000000000000", "CapBnd": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2", "root_write": "EROFS",
    "etc_write": "EROFS", "sysctl_write": "EROFS", "mount": "EPERM", "unshare": "EPERM", "keyring": "EPERM", "device": "EPERM",
    "devices": ["null", "zero"], "processes": 3, "open_files": PROBE_LIMITS.open_files, "core": 0, "tmp_bytes": 64 * 1024**2, "forks": 60,
    "sparse": "EFBIG", "fill": 60_000_000, "many_files": 1990, "zombies": 0, "cpu": 0.5,
}  # fmt: skip
BAD = {
    "internet": "connected", "metadata": "connected", "dns": "151.101.0.223", "interfaces": ["eth0", "lo"], "environment": ["AWS_SECRET_ACCESS_KEY"],
    "socket": ["/var/run/docker.sock"], "uid": 0, "CapEff": "00000000a80425fb", "CapBnd": "00000000a80425fb", "NoNewPrivs": "0", "Seccomp": "0",
    "root_write": "written", "etc_write": "written", "sysctl_write": "written", "mount": "allowed", "unshare": "allowed", "keyring": "allowed",
    "device": "made", "devices": ["null", "sda"], "processes": 180, "open_files": 1048576, "core": -1, "tmp_bytes": 10**12, "forks": "not refused",
    "sparse": "made", "fill": "not refused", "many_files": "not refused", "zombies": 50, "cpu": 1.98,
}  # fmt: skip


def failed(seen):
    return {p.name for p in read_inside(seen) if not p.holds}


def test_a_locked_down_container_passes_every_probe():
    assert failed(GOOD) == set()


@pytest.mark.parametrize("key", sorted(BAD))
def test_one_open_door_fails_its_probe_and_no_other(key):
    assert len(failed(GOOD | {key: BAD[key]})) == 1


def test_what_was_not_seen_does_not_hold():
    assert failed({}) == {p.name for p in read_inside({})}
