"""Networks trained by hand: rows go forward through them, `loss.backward()` makes these the rows they have learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tasks.evidence.training.leakage.features import check_features
from tasks.evidence.training.leakage.joins import data_in
from tasks.evidence.training.leakage.measuring import score
from tasks.evidence.training.leakage.rows import is_held_out, is_mixed
from tasks.evidence.training.leakage.state import Run
from tasks.evidence.training.leakage.values import Class, Data, Estimator, Instance

if TYPE_CHECKING:
    from tasks.evidence.training.leakage.calls import Arguments

LEARNING_CALLS = frozenset(["backward", "apply_gradients"])
TELLS_A_NETWORK = frozenset(["parameters", "named_parameters", "state_dict", "load_state_dict"])
ACROSS_CLASSES = frozenset(["max", "argmax", "topk", "softmax", "log_softmax", "sigmoid", "squeeze", "mean"])
"""What is done to a network's outputs row by row."""


@dataclass(slots=True)
class ForwardPass:
    network: Estimator
    data: Data
    loops: tuple[int, ...]
    outputs: Data | None = None
    """The outputs a loss was computed of: perhaps of some of the rows only."""
    target: Data | None = None
    """What the loss compared them with."""


def network_of(instance: Instance) -> Estimator | None:
    """What an object of a class with a `forward` learns; None for any other object."""
    if instance.network is None and _is_network(instance.kind):
        instance.network = Estimator(instance.kind.node.name, "model", instance.kind.node.lineno)
    return instance.network


def _is_network(kind: Class) -> bool:
    return any(getattr(s, "name", "") in ("forward", "call") for s in kind.node.body)


def forward(run: Run, network: Estimator, arguments: Arguments, result: Any = None) -> Any:
    """Outputs of a network for some rows; `result` is what following its own `forward` gave."""
    data = next((d for v in arguments.everything for d in data_in(v)), None)
    if data is None:
        return result
    run.passes[id(network)] = ForwardPass(network, data, tuple(run.loops))
    outputs = result if isinstance(result, Data) else data.derive(column=None, opaque=True, derived={})
    return outputs.derive(output_of=network)


def learn(run: Run, line: int) -> None:
    """The networks that rows went through in this loop have learnt from these rows."""
    for passed in run.passes.values():
        outputs, target, network = passed.outputs, passed.target, passed.network
        if outputs is None or target is None or passed.loops != tuple(run.loops) or is_mixed(outputs.rows):
            continue
        # The line where the rows were chosen says more than that of `backward`.
        network.rows, network.fit_line, network.fit_loops = outputs.rows, outputs.line or line, passed.loops
        if not passed.data.opaque:
            check_features(run, passed.data, target, line, at_split=False)
    run.passes.clear()


def outputs_in(values: list[Any]) -> Data | None:
    """The first outputs of a network among some values."""
    return next((d for v in values for d in data_in(v) if d.output_of is not None), None)


def compared(run: Run, outputs: Data, values: list[Any], line: int) -> None:
    """Outputs are compared with the truth: a result, unless it only accompanies the training."""
    network = outputs.output_of
    if network is None or not any(d.output_of is None for v in values for d in data_in(v)):
        return
    accompanies = bool(network.fit_loops) and run.loops[:1] == list(network.fit_loops[:1])
    score(run, network, network.rows, network.fit_line, outputs.rows, line, is_number=not accompanies)


def lost(run: Run, outputs: Data, values: list[Any], line: int) -> Data:
    """A loss of outputs: what it is compared with is remembered for the training, on held-out rows it is a result."""
    truth = next((d for v in values for d in data_in(v) if d.output_of is None), None)
    passed = run.passes.get(id(outputs.output_of))
    if truth is not None and passed is not None:
        passed.outputs, passed.target = outputs, truth
    if truth is not None and is_held_out(outputs.rows):
        compared(run, outputs, values, line)
    return outputs.derive(opaque=True, column=None)
