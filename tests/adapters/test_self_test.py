"""The self-test on the real engine: what it promises holds, and a broken promise is told and refused."""

import pytest

from tasks.adapters.self_test import last_self_test, require_isolation, run_self_test
from tasks.errors import SandboxRefused


@pytest.fixture(scope="module")
def tested(engine, tmp_path_factory):
    home = tmp_path_factory.mktemp("doctor")
    return home, run_self_test(home)


def test_every_probe_holds_on_this_engine(tested):
    assert {p.name: p.seen for p in tested[1].failed} == {}


def test_there_are_at_least_twenty_five_probes(tested):
    assert len({p.name for p in tested[1].probes}) >= 25


def test_the_result_is_kept_for_this_engine_and_told_by_executions(tested):
    home, result = tested
    assert last_self_test(home, result.engine) == result
    assert require_isolation(home, result.engine)["self_test"].startswith(f"all {len(result.probes)} probes held")


def test_another_engine_was_not_tested(tested):
    home, result = tested
    other = result.engine.model_copy(update={"version": "99.0"})
    assert last_self_test(home, other) is None
    assert "axiom doctor" in require_isolation(home, other)["self_test"]


def test_a_failed_probe_refuses_executions_with_the_remedy(tested, tmp_path):
    _, result = tested
    broken = result.probes[0].model_copy(update={"holds": False})
    (tmp_path / "doctor.json").write_text(result.model_copy(update={"probes": (broken, *result.probes[1:])}).model_dump_json())
    with pytest.raises(SandboxRefused, match=r"internet.*axiom doctor"):
        require_isolation(tmp_path, result.engine)


def test_an_engine_below_the_required_level_is_refused_with_the_setting_to_change(tested, tmp_path):
    with pytest.raises(SandboxRefused, match=r"level container, and gvisor is required.*AXIOM_MIN_ISOLATION"):
        require_isolation(tmp_path, tested[1].engine, "gvisor")
