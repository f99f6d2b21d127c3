"""Readiness rules of the project: can a stranger tell what to run, and does what is claimed stand in the code."""

from __future__ import annotations

from tasks.evidence.evaluation.metric_names import CANONICAL
from tasks.evidence.place import Place
from tasks.evidence.project.facts import Claim
from tasks.rules.applicability import (
    COURSES,
    PLACES_LIMIT,
    counted,
    entry_places,
    is_notebook,
    mainly_other_language,
    nothing_kept,
    nothing_trained,
    only_notebooks,
    teaching,
)
from tasks.rules.documented_commands import tells_how
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

KNOWN_METRICS = frozenset(CANONICAL.values())
"""A bare "score" may be anything, a place in a competition for one."""
CLOSE_CONFIDENCE = 0.05
"""Entry points this near to the first one compete with it: our policy."""
_CODE = (".py", ".ipynb", ".r", ".R", ".Rmd", ".jl", ".lua", ".sh")
"""An entry point that is none of these is a tool's file, `MLproject` or `dvc.yaml`, which names the script itself."""
STATED = ("readme", "docs", "model_card")
"""Sources that state a number; a notebook's output was computed where it stands."""
_IMPLIED = {
    "accuracy": {"balanced_accuracy", "confusion_matrix", "classification_report"},
    "precision": {"confusion_matrix", "classification_report", "f1"},
    "recall": {"confusion_matrix", "classification_report", "f1", "roc_auc"},
    "specificity": {"confusion_matrix", "recall"},
    "f1": {"confusion_matrix", "classification_report", "fbeta"},
    "rmse": {"mse"},
    "mse": {"rmse"},
    "roc_auc": {"auc"},
    "map": {"average_precision"},
    "pr_auc": {"average_precision"},
    "perplexity": {"loss", "log_loss"},
    "iou": {"jaccard", "dice"},
}
"""Metrics another metric's code shows as well, or gives with one step of arithmetic."""


def check_entrypoint_found(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence, COURSES):
        return missing
    if evidence.project.kind == "ml_app_trains_on_request":
        return NotApplicable(reason="the app trains when it is asked")
    if evidence.project.train_entrypoints:
        return Passed()
    if evidence.project.kind == "ml_library_demo":
        return NotApplicable(reason="a library is called by its users")
    if evidence.project.orchestrator:
        return Undetermined(reason=f"{evidence.project.orchestrator[0]} starts the steps, which of them trains does not show")
    return Failed(detail="Models are fitted in functions that no script, notebook, command or pipeline file starts.")


def check_training_documented(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence, (*COURSES, "ml_library_demo")) or only_notebooks(evidence):
        return missing
    entries = evidence.project.train_entrypoints
    if not entries or evidence.project.kind == "ml_app_trains_on_request":
        return NotApplicable(reason="no training command that could be told")
    readme = evidence.mlops.readme
    if readme is None:
        return NotApplicable(reason="no README that could tell it")
    if tells_how(readme, entries):
        return Passed()
    if any(_names_wrongly(place.note, e.file) for place in readme.absent_files for e in entries):
        return NotApplicable(reason="the README names the training under a wrong path, which PRJ007 judges")
    told = f"{counted(len(readme.run_commands), 'command')}, and none that trains" if readme.run_commands else "no command to run"
    return Failed(places=(Place(file=readme.file, note="does not name the training"),), detail=f"{readme.file} gives {told}.")


def _names_wrongly(note: str, file: str) -> bool:
    return note.split(" ", 1)[0].rpartition("/")[2] == file.rpartition("/")[2]


def check_readme_files(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence):
        return missing
    readme = evidence.mlops.readme
    if readme is None or not readme.commands:
        return NotApplicable(reason="no README with commands")
    if not readme.absent_files:
        return Passed()
    notes = "; ".join(p.note for p in readme.absent_files[:3])
    return Failed(places=readme.absent_files[:PLACES_LIMIT], detail=f"{notes}.")


def check_one_entrypoint(evidence: Evidence) -> Outcome:
    """Variants side by side are fine once something says which one to start: the README, or a tool's own file."""
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    if len(evidence.project.projects) > 1:
        return NotApplicable(reason="several projects, each with its own training")
    entries = evidence.project.train_entrypoints
    if not entries:
        return NotApplicable(reason="no entry point was found")
    rivals = tuple(e for e in entries if e.confidence >= entries[0].confidence - CLOSE_CONFIDENCE)
    if len(rivals) < 2 or evidence.project.orchestrator or any(not e.file.endswith(_CODE) for e in rivals):
        return Passed()
    readme = evidence.mlops.readme
    if readme is not None and tells_how(readme, rivals):
        return Passed()
    names = ", ".join(e.file for e in rivals[:4])
    return Failed(places=entry_places(rivals, "may be the training"), detail=f"{len(rivals)} files look alike: {names}.")


def check_claims_computed(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    claims = [c for c in evidence.project.claimed_metrics if c.source in STATED and c.name in KNOWN_METRICS]
    if not claims:
        return NotApplicable(reason="no metric of a known name is stated")
    computed = set(evidence.evaluation.metric_names)
    unbacked = [c for c in claims if not ({c.name, *_IMPLIED.get(c.name, ())} & computed)]
    if not unbacked:
        return Passed()
    if language := mainly_other_language(evidence):
        return Undetermined(reason=f"the code is mainly {language}, whose metrics are only partly read")
    names = ", ".join(dict.fromkeys(c.name for c in unbacked))
    return Failed(places=tuple(_claimed_at(c) for c in unbacked[:PLACES_LIMIT]), detail=f"No code here computes {names}.")


def _claimed_at(claim: Claim) -> Place:
    return Place(file=claim.file, line=claim.line, snippet=claim.snippet[:200], note=f"claims {claim.name} {claim.value:g}{claim.unit}")


def check_shared_configuration(evidence: Evidence) -> Outcome:
    """One script may hold its own settings; several that must agree should read them from one place."""
    if missing := nothing_trained(evidence) or teaching(evidence) or only_notebooks(evidence):
        return missing
    project = evidence.project
    programs = {e.file for e in (*project.train_entrypoints, *project.eval_entrypoints, *project.serve_entrypoints)}
    if len(programs) < 2:
        return NotApplicable(reason="a single program, whose settings stand in it")
    if set(project.config) - {"hardcoded"}:
        return Passed()
    entries = (*project.train_entrypoints, *project.serve_entrypoints)
    return Failed(
        places=entry_places(entries, "settings in the code"), detail=f"{len(programs)} programs, and no file or option sets them."
    )


def check_training_is_a_program(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    entries = evidence.project.train_entrypoints
    if not entries:
        return NotApplicable(reason="no entry point was found")
    if any(not is_notebook(e.file) for e in entries):
        return Passed()
    return Failed(places=entry_places(entries, "trains"), detail=f"Training stands in {counted(len(entries), 'notebook')} only.")


RULES: tuple[Rule, ...] = (
    Rule(
        code="PRJ001", name="no-training-entrypoint", title="Nothing starts the training",
        section="project", severity="high", effort="low", check=check_entrypoint_found,
        detected="Code that fits a model, and no script, notebook, console command, pipeline or tool file that runs it.",
        why="Without one way to train, each person retrains differently, or not at all.",
        remedy="Add a script with a `main` that loads the data, trains, evaluates and saves, and name its command in the README.",
    ),
    Rule(
        code="PRJ002", name="training-not-documented", title="The README does not say how to train",
        section="project", severity="medium", effort="low", check=check_training_documented,
        detected="No command in the README names the training script, its module, or the tool that starts it.",
        why="A newcomer has to guess the script, the folder to stand in and the arguments.",
        remedy="Add the exact command from a fresh clone to a trained model, with where the data comes from and how long it takes.",
    ),
    Rule(
        code="PRJ003", name="competing-entrypoints", title="Several files could be the training",
        section="project", severity="low", effort="low", check=check_one_entrypoint,
        detected="Two or more training files that speak for themselves equally well, without a README command or pipeline that chooses.",
        why="Nobody can tell which file made the model in use; a legacy copy is run by mistake.",
        remedy="Name the one to run in the README, and move earlier variants to a folder that says so, or delete them.",
    ),
    Rule(
        code="PRJ004", name="claim-without-code", title="A stated metric is computed nowhere",
        section="project", severity="medium", effort="low", check=check_claims_computed,
        detected="A metric's value in the README, the documentation or a model card, and no code or notebook that computes that metric.",
        why="Such a number cannot be checked or kept true; readers decide on it all the same.",
        remedy="Compute the metric in the evaluation script and state its output with the commit, or take the number out.",
    ),
    Rule(
        code="PRJ005", name="no-shared-configuration", title="Several programs, each with its own settings in the code",
        section="project", severity="low", effort="medium", check=check_shared_configuration,
        detected="At least two entry points, and no configuration file, command-line option or environment variable is read.",
        why="Paths, columns and parameters must agree between training and serving; in code they drift apart.",
        remedy="Move paths, columns and parameters to one file, such as `config.yaml`, and read it in every program.",
    ),
    Rule(
        code="PRJ006", name="training-in-notebooks-only", title="The model is trained in a notebook only",
        section="project", severity="medium", effort="medium", check=check_training_is_a_program,
        detected="Every training entry point is a notebook.",
        why="A notebook cannot be tested, reviewed line by line, scheduled or imported by the service that needs its preprocessing.",
        remedy="Move loading, features, training and evaluation to functions in a module with a `main`; let the notebook call them.",
    ),
    Rule(
        code="PRJ007", name="readme-names-absent-files", title="The README runs files that do not exist",
        section="project", severity="medium", effort="low", check=check_readme_files,
        detected="A command of the README runs a script, notebook or requirements file that is in no folder of the repository.",
        why="The first thing a newcomer types fails, and what else the README says is doubted.",
        remedy="Correct the paths, and run each command of the README in a fresh clone, best in CI.",
    ),
)  # fmt: skip
