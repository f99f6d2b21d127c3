"""What the sandbox says of loading a model stands beside the file; nothing a log says can change another file."""

from tasks.evidence.outputs.facts import Artifact
from tasks.rules.execution.loading import loading_limits, loading_step, tell_loading
from tasks.rules.sandbox.job import Limits
from tests.rendering.executions import execution

MODEL = Artifact(path="m.pkl", type="model", format="pickle", size=9, sha256="a" * 64, check="not loaded; imports nothing")


def test_the_command_names_each_model_with_its_format_and_runs_where_training_ran():
    step = loading_step(execution().plan, [MODEL])
    assert step.command == ("python", "/opt/axiom/load_model.py", "pickle", "/work/repo/m.pkl")
    assert step.workdir == execution().plan.train.workdir


def test_loading_never_has_a_network_and_little_time():
    limits = loading_limits(Limits(network="bridge", timeout_seconds=3600))
    assert (limits.network, limits.timeout_seconds) == ("none", 120)


def test_a_model_that_loads_is_told_with_its_class_and_one_that_does_not_with_the_reason():
    good = tell_loading([MODEL], ['MODEL {"path": "/work/repo/m.pkl", "type": "sklearn.linear_model.Ridge"}'])
    assert good[0].check == "imports nothing; loads in the sandbox as sklearn.linear_model.Ridge"
    bad = tell_loading([MODEL], ['MODEL {"path": "/work/repo/m.pkl", "why": "AttributeError: Mean"}'])
    assert bad[0].check.endswith("does not load by itself: AttributeError: Mean")


def test_noise_broken_lines_and_unknown_paths_change_nothing():
    assert tell_loading([MODEL], ["hello", "MODEL {", "MODEL []", 'MODEL {"path": "/etc/passwd", "type": "x.Y"}']) == (MODEL,)
