"""Repairs of the command: an argument that has an obvious value, a smaller batch, a variable, another entry."""

from __future__ import annotations

import re
import shlex

from tasks.evidence.launch.facts import Option
from tasks.rules.execution.arguments import obvious_value
from tasks.rules.execution.plan import ExecutionPlan, Repair, Step
from tasks.rules.repairs.situation import Candidate, Situation

BATCH = 8
"""Rows of a batch after memory ran out."""
_REQUIRED = re.compile(
    r"the following arguments are required: (.{1,300})$|Missing (?:option|argument|parameter) '([^']{1,80})|too few arguments|requires? (?:an? )?argument"
)
_FLAG = re.compile(r"--?[A-Za-z][\w-]{0,60}")
_BATCH = re.compile(r"^--?(?:per_device_)?(?:train_|training_)?(?:mini_?)?batch[-_]?size$|^--?bs$|^--?batch$")
_VARIABLE = re.compile(r"^(?:cell \d{1,5} failed: )?KeyError: ['\"]([A-Z][A-Z0-9_]{2,60})['\"]$")
_ENVIRON = re.compile(r"os\.environ\[|environ\.__getitem__|<frozen os>|getenv|/os\.py")
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|CRED|URL|URI|HOST|ENDPOINT|BUCKET|CONNECTION|DSN|ACCOUNT")
_NOTHING = re.compile(r"^usage: |error: (?:the following|unrecognized|invalid choice|argument)|^Usage: |Try '.{1,80} --help'")


def give_argument(situation: Situation) -> Candidate | None:
    """Arguments that the program asks for, where each has an obvious value."""
    match = situation.failure.find(_REQUIRED)
    step = situation.plan.train
    if match is None or step.kind not in ("script", "module", "console_script", "metaflow"):
        return None
    said = match.group(1) or match.group(2) or ""
    named = _FLAG.findall(said) or [w.strip() for w in said.split(",") if w.strip()]
    known = {o.flag: o for o in situation.program.options}
    words: list[str] = []
    for name in named[:10]:
        option = known.get(name) or next(
            (o for o in known.values() if o.flag.lstrip("-") == name.lstrip("-")), Option(flag=name, required=True)
        )
        value = obvious_value(option, situation.tree, step.workdir)
        if value is None or value.startswith("-"):
            return None
        words += [option.flag, value] if option.flag.startswith("-") else [value]
    if not words:
        return None
    change = f"`{shlex.join(words)}` is added to the command"
    return Candidate(Repair(kind="argument", reason=situation.line(match), change=change[:300]), _with_words(situation.plan, words))


def shrink_batch(situation: Situation) -> Candidate | None:
    """Memory ran out and the program has an option for the size of a batch."""
    if situation.outcome is None or not (situation.outcome.oom or situation.outcome.cause == "oom"):
        return None
    option = next((o for o in situation.program.options if _BATCH.match(o.flag)), None)
    step = situation.plan.train
    if option is None or step.kind not in ("script", "module", "console_script", "metaflow") or f"{option.flag}={BATCH}" in step.command:
        return None
    word = f"{option.flag}={BATCH}"
    reason = situation.outcome.detail or "memory ran out"
    return Candidate(
        Repair(kind="smaller_batch", reason=reason[:300], change=f"`{word}` is added to the command"), _with_words(situation.plan, [word])
    )


def set_variable(situation: Situation) -> Candidate | None:
    """A variable of the environment that the program demands, when it is a name and no secret or address."""
    match = situation.failure.find_error(_VARIABLE)
    if match is None or _SECRET.search(match.group(1)) or not any(_ENVIRON.search(line) for line in situation.failure.lines[-60:]):
        return None
    step = situation.plan.train
    if match.group(1) in step.env:
        return None
    changed = step.model_copy(update={"env": step.env | {match.group(1): "axiom"}})
    change = f"the variable {match.group(1)} is set to `axiom`"
    return Candidate(
        Repair(kind="variable", reason=situation.line(match), change=change), situation.plan.model_copy(update={"train": changed})
    )


def take_other_entry(situation: Situation) -> Candidate | None:
    """The next entry of the analysis, when this one does not train: it asks for what nobody knows, or it ended without a result."""
    ended_empty = situation.outcome is not None and situation.outcome.exit_code == 0 and not situation.measured
    if not situation.plan.alternatives:
        return None
    reason = "the command ended well and left no metric and no artifact" if ended_empty else situation.failure.line or "the command failed"
    following = situation.plan.alternatives[0]
    plan = situation.plan.model_copy(
        update={
            "train": following.step, "environment": following.environment, "evaluate": None, "folders": (), "copies": (),
            "alternatives": situation.plan.alternatives[1:],
        }
    )  # fmt: skip
    return Candidate(
        Repair(
            kind="other_entry", reason=reason[:300], change=f"`{following.step.display}` instead of `{situation.plan.train.display}`"[:300]
        ),
        plan,
    )


def _with_words(plan: ExecutionPlan, words: list[str]) -> ExecutionPlan:
    step: Step = plan.train
    changed = step.model_copy(update={"command": (*step.command, *words), "display": f"{step.display} {shlex.join(words)}"})
    return plan.model_copy(update={"train": changed})
