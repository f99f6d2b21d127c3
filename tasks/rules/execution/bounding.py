"""A training that only a setting ends, given an end through the program's own options. The time limit ends everything else."""

from __future__ import annotations

import posixpath
import shlex

from tasks.evidence.launch.facts import Endless, Program
from tasks.rules.execution.plan import Step

ITERATIONS = 600
"""Steps of an endless loop: past whatever is done every 100 or 500 steps, and minutes on a processor for a small model."""
EPOCHS = 3


def bound_step(step: Step, program: Program) -> Step:
    """The step with a bound on every endless loop that an option can end; unchanged where there is none."""
    if step.kind not in ("script", "module") or not program.endless:
        return step
    words, said = [], []
    for endless in program.endless:
        word = _option(endless, program, step.command)
        if word is not None:
            words.append(word)
            said.append(f"{word} ({endless.option} is {endless.value} in {endless.place.file}:{endless.place.line}, which never ends)")
    if not words:
        return step
    command = (*step.command, *words)
    return step.model_copy(update={"command": command, "display": f"{step.display} {shlex.join(words)}", "bound": "; ".join(said)[:400]})


def _option(endless: Endless, program: Program, command: tuple[str, ...]) -> str | None:
    """The word that sets the option; None when the command already does or no option does."""
    name = endless.option.rsplit(".", 1)[-1]
    amount = EPOCHS if "epoch" in name else ITERATIONS
    if any(name.replace("_", "-") in w.replace("_", "-") for w in command[1:] if not w.endswith(posixpath.basename(program.file))):
        return None
    for option in program.options:
        if option.flag.lstrip("-").replace("-", "_") == name:
            return f"{option.flag}={amount}"
    if program.overrides == "a.b=1":
        return f"{endless.option}={amount}"
    return f"--{endless.option}={amount}" if program.overrides else None
