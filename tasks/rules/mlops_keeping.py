"""Readiness rules of what is kept: secrets, large files, containers, recorded runs, versions of the model, papers."""

from __future__ import annotations

from tasks.evidence.mlops.facts import BaseImage, Dockerfile
from tasks.evidence.place import Place
from tasks.rules.applicability import COURSES, PLACES_LIMIT, counted, nothing_kept, nothing_trained, teaching, trained_at
from tasks.rules.evidence import Evidence
from tasks.rules.rule import Failed, NotApplicable, Outcome, Passed, Rule, Undetermined

LARGE_BYTES = 10_000_000
"""From here on a binary in git is felt in every clone; GitHub warns at 50 MB and refuses 100 MB."""
NOT_LARGE = frozenset({"media", "data"})
"""Pictures belong to documentation; data is judged in the dataset section."""
ROOT_USERS = frozenset({"root", "0", "root:root", "0:0"})
SETS_ITS_USER = (
    "jupyter/", "nonroot", "bitnami/", "unprivileged", "chainguard", "apache/airflow", "apache/spark", "grafana/", "lambda/", "mambaorg/",
    "selenium/", "sagemaker", "prom/", "astro-runtime", "astrocrpublic", "circleci/", "cimg/", "uwsgi-nginx-flask", "nodered/",
)  # fmt: skip
"""Base images that switch to a user of their own, or whose platform does."""
README_SECTIONS = frozenset({"install", "usage"})
"""What a reader needs first; `requirements` counts as install, commands as both."""


def check_no_secrets(evidence: Evidence) -> Outcome:
    """Asked of every repository, whatever it is."""
    live = [s for s in evidence.mlops.secrets if s.severity == "live"]
    if not live:
        return Passed()
    places = tuple(Place(file=s.file, line=s.line, note=s.kind.replace("_", " ")) for s in live[:PLACES_LIMIT])
    kinds = ", ".join(sorted({s.kind.replace("_", " ") for s in live}))
    return Failed(places=places, detail=f"{len(live)} in {counted(len({s.file for s in live}), 'file')}: {kinds}.")


def check_no_default_passwords(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence) or teaching(evidence, COURSES):
        return missing
    known = [s for s in evidence.mlops.secrets if s.severity == "default"]
    if not known:
        return Passed()
    places = tuple(Place(file=s.file, line=s.line, note=s.kind.replace("_", " ")) for s in known[:PLACES_LIMIT])
    return Failed(places=places, detail=f"{counted(len(known), 'well-known default password')} in files.")


def check_licence(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence):
        return missing
    return Passed() if evidence.mlops.licences else Failed(detail="No licence file, no licence in the metadata, none named in the README.")


def check_no_large_files(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence):
        return missing
    large = [f for f in evidence.mlops.large_files if f.size >= LARGE_BYTES and f.kind not in NOT_LARGE]
    if not large:
        return Passed()
    places = tuple(Place(file=f.file, note=f"{f.kind}, {f.size / 1e6:.0f} MB") for f in large[:PLACES_LIMIT])
    return Failed(
        places=places,
        detail=f"{counted(len(large), 'file')} of {LARGE_BYTES / 1e6:.0f} MB or more, {sum(f.size for f in large) / 1e6:.0f} MB in all.",
    )


def check_no_environments(evidence: Evidence) -> Outcome:
    """Asked of every repository, whatever it is."""
    folders = evidence.mlops.environments
    if not folders:
        return Passed() if nothing_kept(evidence) is None else NotApplicable(reason="no model is trained or served here")
    places = tuple(Place(file=folder.rstrip("/"), note="installed packages") for folder in folders[:PLACES_LIMIT])
    return Failed(places=places, detail=f"{', '.join(folders[:3])}: {counted(len(folders), 'virtual environment')} in git.")


def _containers(evidence: Evidence) -> tuple[Dockerfile, ...]:
    """Development containers are for one person's editor."""
    return tuple(d for d in evidence.mlops.dockerfiles if d.bases and ".devcontainer" not in d.file)


def check_container_user(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence) or teaching(evidence, COURSES):
        return missing
    judged = [d for d in _containers(evidence) if not d.bases[-1].image.endswith("scratch") and not _sets_its_user(d.bases[-1])]
    if not judged:
        return NotApplicable(reason="no container file whose user could be judged")
    as_root = [d for d in judged if d.user is None or d.user.lower() in ROOT_USERS]
    places = tuple(d.user_place or d.bases[-1].place or Place(file=d.file) for d in as_root[:PLACES_LIMIT])
    return Failed(places=places, detail=f"{len(as_root)} of {counted(len(judged), 'container')} run as root.") if as_root else Passed()


def _sets_its_user(base: BaseImage) -> bool:
    name = f"{base.image}:{base.tag or ''}".lower()
    return any(word in name for word in SETS_ITS_USER)


def check_base_images_pinned(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence) or teaching(evidence, COURSES):
        return missing
    files = [(d.file, base) for d in _containers(evidence) for base in d.bases]
    files += [(c.file, image) for c in evidence.mlops.compose for image in c.images]
    named = [(file, base) for file, base in files if "$" not in base.image and base.image != "scratch"]
    if not named:
        return NotApplicable(reason="no container image is named")
    loose = [(file, base) for file, base in named if not base.digest and (base.tag is None or base.tag.startswith("latest"))]
    places = tuple(base.place or Place(file=file, note=base.image) for file, base in loose[:PLACES_LIMIT])
    return Failed(places=places, detail=f"{', '.join(sorted({b.image for _, b in loose})[:4])} without a version.") if loose else Passed()


def check_tracked(evidence: Evidence) -> Outcome:
    """Any means of keeping runs counts: a tracker, one that can be switched on, DVC or CML with metrics per commit."""
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    if evidence.project.kind == "ml_app_trains_on_request":
        return NotApplicable(reason="the app trains when it is asked")
    if evidence.mlops.trackers or {"dvc", "cml"} & set(evidence.project.orchestrator):
        return Passed()
    return Failed(places=trained_at(evidence), detail="No experiment tracker is used in code.")


def check_tracked_fully(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    trackers = [t for t in evidence.mlops.trackers if not t.optional]
    if not trackers:
        return NotApplicable(reason="no tracker runs by default")
    logged = {what for t in trackers for what in t.logs}
    if not logged:
        return Undetermined(reason="what the tracker records is decided by a library or a configuration")
    absent = sorted({"parameters", "metrics"} - logged)
    if not absent:
        return Passed()
    places = tuple(t.places[0] for t in trackers if t.places)
    return Failed(
        places=places,
        detail=f"{', '.join(t.name for t in trackers)} records {', '.join(sorted(logged))}, but no {' and no '.join(absent)}.",
    )


def check_registered(evidence: Evidence) -> Outcome:
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    if not _serves_its_model(evidence):
        return NotApplicable(reason="no trained model is handed to a service")
    if evidence.mlops.registrations:
        return Passed()
    if not evidence.deployment.model_loads:
        return Undetermined(reason="how the service gets its model could not be told")
    return Failed(places=evidence.deployment.model_loads[:PLACES_LIMIT], detail="The service takes whatever model file lies in its place.")


def _serves_its_model(evidence: Evidence) -> bool:
    """A program of the repository, not a script that prints samples; one that trains when asked keeps no model."""
    trains_itself = evidence.project.kind == "ml_app_trains_on_request"
    return any(s.predicts for s in evidence.deployment.services) and not trains_itself


def check_readme(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence):
        return missing
    return Passed() if evidence.mlops.readme else Failed(detail="No README was found.")


def check_readme_helps(evidence: Evidence) -> Outcome:
    if missing := nothing_kept(evidence) or teaching(evidence, COURSES):
        return missing
    readme = evidence.mlops.readme
    if readme is None:
        return NotApplicable(reason="no README, which OPS021 judges")
    told = set(readme.sections) | ({"usage"} if readme.run_commands else set())
    if "requirements" in told or readme.commands:
        told.add("install")
    absent = sorted(README_SECTIONS - told)
    if not absent:
        return Passed()
    return Failed(
        places=(Place(file=readme.file, note=counted(readme.lines, "line")),),
        detail=f"{readme.file} has nothing on {' and '.join({'install': 'installing', 'usage': 'using it'}[a] for a in absent)}.",
    )


def check_model_card(evidence: Evidence) -> Outcome:
    """Asked where a model leaves the hands of its makers."""
    if missing := nothing_trained(evidence) or teaching(evidence):
        return missing
    if not evidence.mlops.registrations and not _serves_its_model(evidence):
        return NotApplicable(reason="the model is neither published nor served")
    if evidence.mlops.model_cards:
        return Passed()
    return Failed(detail="No model card or section on intended use and limits was found.")


RULES: tuple[Rule, ...] = (
    Rule(
        code="OPS001", name="secret-in-repository", title="A working credential is in the repository",
        section="mlops", severity="critical", effort="low", check=check_no_secrets,
        detected="A key, token, password or private key with the shape and randomness of a real one; its value is shown nowhere.",
        why="Everyone with a copy, now or later, can use it; deleting the line does not remove it from history.",
        remedy="Revoke it at its provider today, then read the new one from an environment variable or a secret store.",
    ),
    Rule(
        code="OPS002", name="default-password", title="Services are configured with default passwords",
        section="mlops", severity="low", effort="low", check=check_no_default_passwords,
        detected="A well-known default password of a service is written into a configuration.",
        why="Such files are copied to servers, where the password is the first one tried.",
        remedy="Take it from the environment: `${POSTGRES_PASSWORD:?set it}`, with an example file beside it.",
    ),
    Rule(
        code="OPS004", name="no-licence", title="There is no licence",
        section="mlops", severity="low", effort="low", check=check_licence,
        detected="No licence file, no licence in package metadata, no licence named in the README.",
        why="Without one nobody else may use the code or the model.",
        remedy="Add a LICENSE file; inside a company, suppress this finding with the reason.",
    ),
    Rule(
        code="OPS016", name="large-files-in-git", title="Large binary files are in git",
        section="mlops", severity="low", effort="medium", check=check_no_large_files,
        detected=f"Models, archives, databases or arrays of {LARGE_BYTES / 1e6:.0f} MB or more as ordinary git files.",
        why="Every clone and CI run pays for every version ever committed.",
        remedy="Keep them in DVC, Git LFS, a registry or object storage, and commit the pointer.",
    ),
    Rule(
        code="OPS025", name="environment-in-git", title="A virtual environment is in git",
        section="mlops", severity="medium", effort="low", check=check_no_environments,
        detected="A folder of installed packages with its interpreter or activation scripts is committed.",
        why="It works on one machine only, hides what the project needs, and buries its own files under thousands of others.",
        remedy="Remove the folder with `git rm -r --cached`, add it to `.gitignore`, and list the packages in a dependency file.",
    ),
    Rule(
        code="OPS017", name="container-runs-as-root", title="Containers run as root",
        section="mlops", severity="low", effort="low", check=check_container_user,
        detected="The last stage of a Dockerfile has no `USER`, or root, on a base image that sets none.",
        why="A flaw in the service or in a loaded model file then owns the whole container.",
        remedy="Add `RUN useradd --create-home app` and `USER app` before the command.",
    ),
    Rule(
        code="OPS018", name="unpinned-base-image", title="Container images have no version",
        section="mlops", severity="low", effort="low", check=check_base_images_pinned,
        detected="A `FROM` or a compose image without a tag, or with `latest`, and without a digest.",
        why="The same file builds another system next month.",
        remedy="Name a version, `python:3.12-slim`, or better a digest.",
    ),
    Rule(
        code="OPS019", name="no-tracking", title="Training runs are not recorded",
        section="mlops", severity="medium", effort="low", check=check_tracked,
        detected="Training code without an experiment tracker, and without DVC or CML metrics.",
        why="Which data, parameters and code gave the best model is known only to whoever ran it.",
        remedy="Log parameters, metrics and the model of each run, for example with MLflow's `autolog`.",
    ),
    Rule(
        code="OPS020", name="incomplete-tracking", title="Recorded runs lack parameters or metrics",
        section="mlops", severity="low", effort="low", check=check_tracked_fully,
        detected="A tracker runs by default and receives metrics without parameters, or parameters without metrics.",
        why="A number without its settings, or settings without their number, compares nothing.",
        remedy="Log both in the same run: `log_params` before fitting, `log_metrics` after evaluating.",
    ),
    Rule(
        code="OPS021", name="no-readme", title="There is no README",
        section="mlops", severity="medium", effort="low", check=check_readme,
        detected="No README file in the root.",
        why="A newcomer does not learn what this predicts, on what data, nor how to start.",
        remedy="Write one page: what it predicts, where the data comes from, install, train, serve, the metric reached.",
    ),
    Rule(
        code="OPS022", name="readme-without-start", title="The README does not help to start",
        section="mlops", severity="low", effort="low", check=check_readme_helps,
        detected="A README with neither an install nor a usage section, nor commands.",
        why="Each new person asks the same questions, or gives up.",
        remedy="Add the commands from a fresh clone to the first result.",
    ),
    Rule(
        code="OPS023", name="no-model-registry", title="Models have no versions",
        section="mlops", severity="low", effort="medium", check=check_registered,
        detected="A model is trained and served here, and no code puts it under a name and version in a registry.",
        why="Nobody can say which model answers now, nor go back to the one before.",
        remedy="Register each model with its run and metric, and let the service load it by name and alias.",
    ),
    Rule(
        code="OPS024", name="no-model-card", title="The model's use and limits are written nowhere",
        section="mlops", severity="low", effort="medium", check=check_model_card,
        detected="A registered or served model without a model card.",
        why="Others will use it for rows it was never meant for.",
        remedy="Write a page: intended use, training data, metrics by group, known limits, contact.",
    ),
)  # fmt: skip
