"""Readiness rules of training: would it give the same model again, is there a split, is what it makes kept and safe to load.

Leaks are judged in `training_leaks`.
"""

from __future__ import annotations

from tasks.rules import training_leaks
from tasks.rules.applicability import PLACES_LIMIT, counted, nothing_trained, only_notebooks, predicts_labels, teaching, trained_at
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

SMALL_DATA_ROWS = 2_000
"""Up to here one random split of a fifth leaves so few rows that the result depends on the draw: our policy."""
MANY_LITERALS = 5
"""Below this many values a script is easier to read with them in place."""
UNSAFE_FORMATS = frozenset({"pickle", "joblib", "pt", "ckpt", "dill"})
"""Loading them runs whatever code is in them (Python documentation of `pickle`; PyTorch's `torch.load` before 2.6)."""
SPLIT_BY_LOADER = frozenset({"torchvision", "hf_dataset", "tfds", "keras", "keras_builtin", "torchtext"})
"""Loaders whose datasets come in parts."""


def check_seeded(evidence: Evidence) -> Outcome:
    """Fails without any seed where something is drawn at random; a seed that is off by default is a template's choice."""
    if missing := nothing_trained(evidence) or teaching(evidence, ("ml_library_demo",)):
        return missing
    facts = evidence.training
    if facts.seeded != "no" or (facts.seeds and evidence.project.kind == "template"):
        return Passed()
    random_steps = (*facts.unseeded, *facts.deep)
    if not random_steps:
        return NotApplicable(reason="no random step was found")
    return Failed(places=random_steps[:PLACES_LIMIT], detail=f"{counted(len(random_steps), 'random step')}, and no seed anywhere.")


def check_seeded_throughout(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    facts = evidence.training
    if facts.seeded == "no":
        return NotApplicable(reason="no seed at all, which TRN001 judges")
    if facts.seeded == "yes" or not facts.unseeded:
        return Passed()
    return Failed(places=facts.unseeded[:PLACES_LIMIT], detail=f"{counted(len(facts.unseeded), 'random step')} without a seed.")


def check_split(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence, ("ml_library_demo",)):
        return missing
    facts = evidence.training
    if facts.split_present or facts.cv:
        return Passed()
    if not evidence.project.tasks:
        return Undetermined(reason="what is predicted could not be told")
    if not predicts_labels(evidence):
        return NotApplicable(reason=f"{', '.join(evidence.project.tasks[:3])} is not judged on held-out labels")
    if any(e.on == "held_out" for e in evidence.evaluation.evaluations) or _split_in_files(evidence):
        return Passed()
    if any(r.kind in SPLIT_BY_LOADER for r in evidence.dataset.references):
        return Undetermined(reason="the loaded dataset may come in parts")
    return Failed(places=trained_at(evidence), detail="Every row found goes into training.")


def _split_in_files(evidence: Evidence) -> bool:
    return any({"train"} <= set(pair.roles) and {"test", "valid"} & set(pair.roles) for pair in evidence.dataset.pairs)


def check_cross_validation(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    facts = evidence.training
    if facts.deep or not predicts_labels(evidence):
        return NotApplicable(reason="not customary for this kind of model")
    if facts.cv:
        return Passed()
    rows = max((d.rows for d in evidence.dataset.datasets if d.target and d.rows), default=None)
    if rows is None:
        return Undetermined(reason="how many rows the model learns from is not in the repository")
    if rows > SMALL_DATA_ROWS or not facts.split_present:
        return NotApplicable(reason="enough rows for one split" if facts.split_present else "no split, which TRN003 judges")
    return Failed(places=tuple(s.place for s in facts.splits[:PLACES_LIMIT]), detail=f"One split of {rows} rows.")


def check_parameters_configured(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence) or only_notebooks(evidence):
        return missing
    given = evidence.training.hyperparameters
    if given.literal < MANY_LITERALS or given.searches:
        return NotApplicable(reason="searched by a tool" if given.searches else "few parameters are set")
    if given.configured:
        return Passed()
    return Failed(places=given.places[:PLACES_LIMIT], detail=f"{given.literal} parameters are written into calls, none is configured.")


def check_parameters_tuned(evidence: Evidence) -> Outcome:
    """A search, or runs recorded with their parameters; sweeps of neural networks are set up in too many ways to tell."""
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    facts = evidence.training
    given = facts.hyperparameters
    if facts.deep or not given.literal + given.configured:
        return NotApplicable(reason="no parameters of a classical model are set")
    if given.searches or any("parameters" in t.logs for t in evidence.mlops.trackers):
        return Passed()
    return Failed(places=given.places[:PLACES_LIMIT] or trained_at(evidence), detail="No search, and no recorded runs with other values.")


def check_checkpoints(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    facts = evidence.training
    if not facts.deep:
        return NotApplicable(reason="no neural network is trained")
    return Passed() if facts.checkpoints else Failed(places=facts.deep[:PLACES_LIMIT], detail="Nothing is written while training runs.")


def check_early_stopping(evidence: Evidence) -> Outcome:
    """Keeping the best checkpoint is as good as stopping there."""
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    facts = evidence.training
    rounds = (*facts.deep, *facts.iterative)
    if not rounds or not predicts_labels(evidence):
        return NotApplicable(reason="no supervised model whose number of rounds has to be chosen")
    if facts.early_stopping or (facts.deep and facts.checkpoints) or facts.hyperparameters.searches:
        return Passed()
    return Failed(places=rounds[:PLACES_LIMIT], detail="A fixed number of rounds, whatever the validation error does.")


def check_model_saved(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    if evidence.project.kind == "ml_app_trains_on_request":
        return NotApplicable(reason="the app trains when it is asked")
    facts = evidence.training
    if facts.artifacts or facts.artifact_formats or facts.checkpoints or evidence.mlops.registrations:
        return Passed()
    if not facts.fits:
        return Undetermined(reason="the model is fitted by a tool or platform, which may keep it")
    return Failed(places=trained_at(evidence), detail="Models are fitted and none is written anywhere.")


def check_safe_format(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    facts = evidence.training
    if not facts.artifact_formats:
        return NotApplicable(reason="no model file is written")
    if set(facts.artifact_formats) - UNSAFE_FORMATS:
        return Passed()
    places = tuple(a.place for a in facts.artifacts if a.format in UNSAFE_FORMATS)
    return Failed(places=places[:PLACES_LIMIT], detail=f"Models are saved as {', '.join(facts.artifact_formats)} only.")


def check_deterministic(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    facts = evidence.training
    if not facts.deep or facts.seeded != "yes":
        return NotApplicable(reason="no seeded neural network whose last digits could differ")
    if facts.determinism:
        return Passed()
    return Failed(places=facts.deep[:PLACES_LIMIT], detail="Seeds are set; deterministic algorithms are not switched on.")


OWN_RULES: tuple[Rule, ...] = (
    Rule(
        code="TRN001", name="no-seed", title="No random generator is seeded",
        section="training", severity="medium", effort="low", check=check_seeded,
        detected="A random split, a shuffled table, a stochastic estimator or a neural network, and no seed or `random_state` anywhere.",
        why="Each run gives another model and another number, so no change can be told from luck.",
        remedy="Set one seed from the configuration and pass it on: `random_state=seed`, `torch.manual_seed(seed)`.",
    ),
    Rule(
        code="TRN002", name="partly-seeded", title="Some random steps are left without a seed",
        section="training", severity="low", effort="low", check=check_seeded_throughout,
        detected="Split or model is seeded, while another split, shuffle or stochastic estimator is not, and no global seed covers it.",
        why="One free generator is enough to make results differ between runs.",
        remedy="Pass the same `random_state` to the calls listed, or seed the library once at the start.",
    ),
    Rule(
        code="TRN003", name="no-split", title="No rows are held out from training",
        section="training", severity="high", effort="low", check=check_split,
        detected="A supervised task without a split call, slices, cross-validation, separate files or evaluation on other variables.",
        why="Without unseen rows nobody can know how the model does on new ones.",
        remedy="Split before any fitting: at random with a seed, by time for dated rows, by group for repeated entities.",
    ),
    Rule(
        code="TRN004", name="no-cross-validation", title="A small dataset is split once",
        section="training", severity="low", effort="low", check=check_cross_validation,
        detected=f"The largest dataset with a target has at most {SMALL_DATA_ROWS:,} rows, a split is made, and nothing cross-validates.",
        why="With few rows the draw of the split moves the metric more than most improvements do.",
        remedy="Use `cross_val_score` or repeated folds for choosing, and report mean and spread.",
    ),
    Rule(
        code="TRN005", name="hyperparameters-in-code", title="Hyperparameters are written into the calls",
        section="training", severity="low", effort="medium", check=check_parameters_configured,
        detected=f"At least {MANY_LITERALS} arguments that shape a model are literals in scripts, and none is a variable or looked up.",
        why="Trying another value means editing code, and the value behind a saved model is found only in git history.",
        remedy="Read them from a parameter file or options and log them with each run.",
    ),
    Rule(
        code="TRN006", name="never-tuned", title="Hyperparameters were never searched",
        section="training", severity="low", effort="medium", check=check_parameters_tuned,
        detected="Parameters of a classical model are set; no search tool is used and no tracker records parameters.",
        why="Defaults and first guesses often leave much of the reachable quality, and nobody knows how much.",
        remedy="Search the two or three parameters that matter with `RandomizedSearchCV` or Optuna inside the training rows.",
    ),
    Rule(
        code="TRN007", name="no-checkpoints", title="A long training keeps nothing until its end",
        section="training", severity="low", effort="low", check=check_checkpoints,
        detected="A training loop of a neural network without a checkpoint call or callback.",
        why="A crash in the last epoch costs the whole run, and the best epoch is lost.",
        remedy="Write model, optimiser and epoch every few epochs, and keep the best by validation metric.",
    ),
    Rule(
        code="TRN008", name="no-early-stopping", title="Nothing decides when to stop training",
        section="training", severity="low", effort="low", check=check_early_stopping,
        detected="A boosted model or neural network with a fixed number of rounds, no early stopping, no best checkpoint, no search.",
        why="Too many rounds overfit, too few leave quality on the table.",
        remedy="Stop on a validation part of the training rows: `early_stopping_rounds=50`, or an `EarlyStopping` callback.",
    ),
    Rule(
        code="TRN009", name="model-not-saved", title="The trained model is saved nowhere",
        section="training", severity="medium", effort="low", check=check_model_saved,
        detected="A model is fitted, and no call writes it, no registry receives it, and no model file is in the repository.",
        why="The model is gone when the process ends; what was evaluated cannot be deployed or examined.",
        remedy="Save the whole pipeline, preprocessing included, with its version and metric, or log it to a registry.",
    ),
    Rule(
        code="TRN010", name="pickled-model", title="Model files can run code when they are loaded",
        section="training", severity="low", effort="medium", check=check_safe_format,
        detected="Every format a model is saved in is built on pickle.",
        why="Whoever can replace the file runs code on the machine that loads it; such files also break with library versions.",
        remedy="Save as skops, ONNX, safetensors or the library's own format, or record and check a hash before loading.",
    ),
    Rule(
        code="TRN011", name="not-deterministic", title="Seeded networks may still differ from run to run",
        section="training", severity="low", effort="low", check=check_deterministic,
        detected="A seeded training loop of a neural network, and deterministic algorithms are not switched on.",
        why="Some GPU kernels add in changing order; small differences grow over epochs.",
        remedy="When results must repeat, call `torch.use_deterministic_algorithms(True)` or TensorFlow's `enable_op_determinism()`.",
    ),
)  # fmt: skip

RULES: tuple[Rule, ...] = (*OWN_RULES, *training_leaks.RULES)
