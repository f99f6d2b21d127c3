"""What kind of repository this is, with the reasons: the first judgement that holds, from the emptiest to the richest."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from tasks.evidence.deployment.facts import Service
from tasks.evidence.mlops.manifests import load_toml, table
from tasks.evidence.project.fitting import CERTAIN, Fit, is_aside
from tasks.evidence.project.frameworks import Frameworks
from tasks.evidence.project.languages import NOTEBOOKS
from tasks.evidence.project.layout import Layout
from tasks.evidence.project.orchestrators import dvc_stages
from tasks.evidence.project.packages import is_published, own_packages
from tasks.evidence.project.stages import runnable_stages
from tasks.evidence.project.subprojects import Row
from tasks.evidence.snapshot import Snapshot

LINKS_OF_A_LIST = 40
"""Links in root prose from which on a repository without code is a list of links."""
DATA_FILES = 15
"""Data files from which on a repository can be a collection of data."""
FITTING_SHARE = 0.02
"""Files that fit a model, of the data files of a repository called data: so few are an aside."""
STAGES_OF_A_PIPELINE = 5
"""Different stages that run by themselves: prepare, train, evaluate and predict alone are what one model needs."""
AIRFLOW_TASKS = 3
"""Tasks of a DAG from which on it is a pipeline: fewer only start a program at a time of day."""
_PROJECT_FILES = ("MLproject", "dvc.yaml", "Procfile", "app.py")
"""Files of something that is run where it stands, which an installable package of it does not change."""
SMALL_SHARE = 0.04
"""Of the files of code: fewer that import a learning library are an option of something else."""
PROGRAMS_SHARE = 0.1
"""Programs that train, of the files of a published package: so few are demonstrations of it."""
_PIPELINE_TOOLS_WORDS = """
prefect kedro metaflow zenml azureml dagster kubeflow luigi flyte sagemaker_pipelines tfx vertex_ai ploomber mage argo
step_functions snakemake nextflow clearml mlrun r_targets r_drake valohai
"""
_PIPELINE_TOOLS = frozenset(_PIPELINE_TOOLS_WORDS.split())
_TEMPLATE_FOLDER = re.compile(r"^(?:[^/]{1,80}/)?[^/]{0,80}\{\{[^/]{1,80}\}\}")
"""A folder or file to be named at the root or one below; deeper ones are the templates of a library."""
_TEMPLATE_TITLE = re.compile(
    r"(?i)(?:^|[\s_-])(?:template|boilerplate|skeleton|cookiecutter|starter(?:[ _-]?(?:kit|project|pack|code))?)s?$|^(?:cookiecutter|"
    r"template)[ _-]"
)
_TEMPLATE_README = re.compile(
    r"(?i)use this template|/generate\)|cookiecutter (?:gh:|https?:|\.)|copier copy|initialize (?:a )?new (?:repo|project)"
)
"""What READMEs of templates that say so in their title tell the reader to do."""
_COURSE = re.compile(
    r"(?i)\b(?:course|lessons?|lectures?|tutorials?|workshop|bootcamp|curriculum|homeworks?|assignments?|zoomcamp|nanodegree|syllabus|"
    r"class of|students?|book|chapters?|days? of|coursera|udacity|udemy|edx|mooc)\b"
)
_DATA = re.compile(r"(?i)(?:^|[\s_./-])data[ _-]?(?:sets?|bases?|repository|registry|files|collections?)?(?:$|\s*\|)")
_EXAMPLE = re.compile(r"(?i)\b(?:examples?|samples?|demos?|recipes|cookbook|collection|gallery|projects|use[ -]cases)\b")
_DEMO = re.compile(
    r"(?i)(?:^|/)(?:examples?|demos?|projects|notebooks?|tutorials?|samples?|benchmarks?|scripts|experiments)/|(?:^|/)[^/]*(?:demo|"
    r"example|tutorial|quickstart)[^/]*$"
)
_NUMBERED_FILE = re.compile(
    r"^(?:.*/)?(?:\D{0,10}[ _-]?)?\d{1,3}[a-z]?[ _.-][^/]*\.(?:ipynb|[rR]md|qmd|py|jl|[rR])$|"
    r"^(?:.*/)?(?:ch|chap|chapter|lesson|lecture|week|day|lab)[ _-]?\d{1,2}\.(?:ipynb|[rR]md|qmd)$"
)
"""`03-trees.ipynb`, `day4 knn.py`, `ch07.Rmd`."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where `DeepLearningCourse` is cut into words."""
_SUBJECT = re.compile(r"(?i)machine[ _-]?learning|deep[ _-]?learning|data[ _-]?science|\bml[ _-]?ops\b|neural net")
"""What a course that trains nothing must be about: courses on cooking are not ours."""
_LESSONS = re.compile(r"(?i)(?:^|/)(?:labs?|lectures?|lessons?|assignments?|homeworks?|exercises|tutorials?|modules|weeks)(?:/|$)")
FEWEST_LESSONS = 6
"""Files from which on numbers or notebooks are lessons: a solution in numbered steps or a study of one data set has fewer."""
FEWEST_WORDS = 3
"""Words of teaching in the README that make folders of labs a course."""


@dataclass
class Seen:
    """All that the judgement looks at."""

    snapshot: Snapshot
    layout: Layout
    fits: tuple[Fit, ...]
    frameworks: Frameworks
    orchestrators: tuple[str, ...]
    services: tuple[Service, ...]
    row: Row | None

    @cached_property
    def certain(self) -> tuple[Fit, ...]:
        return tuple(f for f in self.fits if f.strength >= CERTAIN and not f.aside)

    @cached_property
    def scripts(self) -> set[str]:
        """Files with a certain fit that are no notebooks."""
        return {f.path for f in self.certain if not f.path.endswith(NOTEBOOKS)}

    @cached_property
    def fitting_notebooks(self) -> tuple[str, ...]:
        """Notebooks that fit a model where nothing else does."""
        return () if self.scripts else tuple(sorted({f.path for f in self.certain}))

    @cached_property
    def learning_notebooks(self) -> tuple[str, ...]:
        """Notebooks with a learning library or somebody else's model, where no script trains."""
        names = (*self.frameworks.learning, *self.frameworks.apis)
        files = {f for n in names for f in self.frameworks.files[n] if f.endswith(NOTEBOOKS) and not is_aside(f)}
        return () if self.scripts else tuple(sorted({*files, *self.fitting_notebooks}))

    @cached_property
    def console_scripts(self) -> bool:
        """The package installs commands."""
        project = load_toml(self.snapshot.text("pyproject.toml") or "")
        named = table(project, "project", "scripts") or table(project, "tool", "poetry", "scripts")
        return bool(named) or "console_scripts" in (self.snapshot.text("setup.py") or "")

    @cached_property
    def has_code(self) -> bool:
        return bool(self.layout.counts.code or self.layout.counts.notebooks)


Judgement = Callable[[Seen], str | None]


def judge(seen: Seen) -> tuple[str, tuple[str, ...]]:
    """The kind and why."""
    for kind, holds in _ORDER:
        if reason := holds(seen):
            return kind, (reason,)
    return "non_ml", ("no machine-learning library is imported and nothing is fitted",)


def _is_empty(seen: Seen) -> str | None:
    return "no file with content" if not seen.layout.content else None


def _is_list(seen: Seen) -> str | None:
    layout = seen.layout
    awesome = bool(re.search(r"(?i)\bawesome\b|awesome-", f"{layout.name} {layout.title}"))
    code = layout.counts.code + layout.counts.notebooks
    helpers = 10 if awesome else 2 if layout.links >= 2 * LINKS_OF_A_LIST else 0
    if layout.links >= LINKS_OF_A_LIST and not seen.certain and code <= helpers:
        return f"{layout.links} links and no code of its own"
    return None


def _is_readme(seen: Seen) -> str | None:
    if seen.has_code or seen.layout.counts.data >= DATA_FILES:
        return None
    return "only prose, no code" if not seen.layout.counts.data else None


def _is_template(seen: Seen) -> str | None:
    layout = seen.layout
    if layout.has("cookiecutter.json", "copier.yml", "copier.yaml") or any(_TEMPLATE_FOLDER.match(p) for p in seen.snapshot.own[:2000]):
        return "a cookiecutter or copier template"
    named = next((n for n in (layout.title, layout.name) if _TEMPLATE_TITLE.search(n)), None)
    if named and (seen.certain or seen.frameworks.learning):
        return f"it calls itself a template: {named}"
    if _TEMPLATE_README.search(layout.readme[:3_000]) and re.search(r"(?i)\btemplate\b", f"{layout.title} {layout.name}"):
        return "README: to start a new project from"
    return None


def _is_data(seen: Seen) -> str | None:
    """Mostly data, by a wider margin where the name does not say so; one article's regression does not change that."""
    counts, layout = seen.layout.counts, seen.layout
    code, named = counts.code + counts.notebooks, bool(_DATA.search(f"{layout.name} | {layout.title}"))
    fitting = len({f.path for f in seen.certain})
    few = named and not seen.frameworks.learning and not seen.services and counts.data >= 2
    if (counts.data < DATA_FILES and not few) or seen.frameworks.apis or fitting > (FITTING_SHARE * counts.data if named else 0):
        return None
    if counts.data >= (2 if named else 3) * max(1, code):
        return f"{counts.data} data files beside {code} files of code"
    return None


def _is_app_without_training(seen: Seen) -> str | None:
    if seen.certain:
        return None
    frameworks = [n for n in seen.frameworks.names if any(not is_aside(f) for f in seen.frameworks.files[n])]
    apis = [n for n in seen.frameworks.apis if n in frameworks]
    learning = [n for n in seen.frameworks.learning if n in frameworks]
    if apis:
        return f"calls {', '.join(apis[:3])} and fits nothing"
    if learning and uses_models(seen):
        return f"uses {', '.join(learning[:3])} and fits nothing"
    served = [s.file for s in seen.services if s.predicts and loads_model_file(seen.snapshot)]
    return f"{served[0]} serves a saved model; nothing here fits one" if served else None


def uses_models(seen: Seen) -> bool:
    """Learning libraries are more than one optional import in a large program of another purpose."""
    files = {f for n in seen.frameworks.learning for f in seen.frameworks.files[n] if not is_aside(f)}
    share = len(files) / max(1, seen.layout.counts.code + seen.layout.counts.notebooks)
    return share >= SMALL_SHARE or (len(files) >= 3 and share >= SMALL_SHARE / 2)


def loads_model_file(snapshot: Snapshot) -> bool:
    """A saved model stands in the repository, or code names one."""
    named = re.compile(r"(?i)\.(?:pkl|pickle|joblib|h5|hdf5|keras|pt|pth|onnx|sav|bst|cbm|tflite|pb)$")
    return any(named.search(p) for p in snapshot.own) or any(named.search(s) for source in snapshot.sources for s, _ in source.strings)


def _is_library(seen: Seen) -> str | None:
    """An importable package whose own files are no programs, with examples, demos or tests that train by it. Commands, a service
    or a pipeline of its own make a project of a package, unless it is published for others."""
    packages, published = own_packages(seen.snapshot, seen.layout), is_published(seen.snapshot, seen.layout)
    served = any(not (_DEMO.search(s.file) or is_aside(s.file)) for s in seen.services)
    project = seen.console_scripts or served or set(seen.orchestrators) & _PIPELINE_TOOLS or seen.layout.has(*_PROJECT_FILES)
    if not packages or (project and not published):
        return None
    inside = tuple(f"{k}/" for k in packages)
    others = [p for p in seen.scripts if not p.startswith(inside) and not _DEMO.search(p)]
    if published:
        own = {posixpath.basename(k) for k in packages}
        others = [s.path for s in seen.snapshot.sources if s.path in others and not own & {i.top for i in s.imports}]
    learning = seen.certain or (seen.frameworks.learning and not seen.frameworks.apis and uses_models(seen))
    if learning and published:
        files = sum(p.startswith(inside) for p in seen.layout.content)
        return f"package {packages[0]} is published for others to install" if len(others) <= PROGRAMS_SHARE * files else None
    if others or not any(p.startswith(inside) for p in seen.scripts):
        return None
    sources = [s for s in seen.snapshot.sources if s.path.startswith(inside)]
    if any(s.has_main and s.path in seen.scripts for s in sources) or _root_programs(seen, packages):
        return None
    return f"package {packages[0]} holds models and their training; programs stand only in examples"


def _root_programs(seen: Seen, packages: tuple[str, ...]) -> bool:
    """Programs at the root, or `main`/`train`/`run` in the package, that use it: then it is a project, not a library."""
    names = {posixpath.basename(p) for p in packages}
    for source in seen.snapshot.sources:
        at_root = (
            "/" not in source.path
            and source.path not in ("setup.py", "conftest.py", "noxfile.py", "tasks.py")
            and not _DEMO.search(source.path)
        )
        in_package = source.path.startswith(tuple(f"{k}/" for k in packages)) and source.has_main
        if at_root and not source.is_notebook and (source.has_main or source.statements >= 3) and {i.top for i in source.imports} & names:
            return True
        if in_package and re.search(r"(?:^|/)(?:main|train|run)\w*\.py$", source.path):
            return True
    return False


def _is_course(seen: Seen) -> str | None:
    """Lessons in folders, a course told by its README alone, or lessons in files; about models in any case."""
    called = _CAMEL.sub(" ", f"{seen.layout.title} {seen.layout.name}")
    if not (seen.certain or seen.frameworks.learning or seen.frameworks.apis or _SUBJECT.search(called)):
        return None
    return _lessons_in_folders(seen, called) or _course_in_words(seen, called) or _lessons_in_files(seen, called)


def _lessons_in_folders(seen: Seen, called: str) -> str | None:
    """Folders that are numbered, called lessons, or belong to what calls itself a course and no collection of examples."""
    row, readme = seen.row, seen.layout.readme
    if row is None:
        return None
    lessons = bool(_LESSONS.search(row.folders[0])) and len(_COURSE.findall(readme[:4_000])) >= FEWEST_WORDS
    lessons |= len(_COURSE.findall(readme[:2_000])) >= FEWEST_WORDS and not (
        _EXAMPLE.search(called) or own_packages(seen.snapshot, seen.layout)
    )
    if row.numbered or lessons or (_COURSE.search(called) and not _EXAMPLE.search(seen.layout.title)):
        return f"{len(row.folders)} lessons, {row.folders[0]} to {row.folders[-1]}"
    return None


def _course_in_words(seen: Seen, called: str) -> str | None:
    words = len(_COURSE.findall(seen.layout.readme[:6_000]))
    if not seen.certain and _SUBJECT.search(called) and words >= 2 * FEWEST_WORDS:
        return f"a course without training of its own: {words} words of teaching in the README"
    return None


def _lessons_in_files(seen: Seen, called: str) -> str | None:
    """Numbered notebooks, many notebooks, or numbered programs of which many train: the last also number the steps of one
    solution, so that they must be most of the code."""
    layout, head = seen.layout, f"{called} {seen.layout.readme[:4_000]}"
    numbered = [p for p in layout.content if _NUMBERED_FILE.match(p)]
    teaching = [p for p in numbered if p.endswith(NOTEBOOKS)]
    if len(teaching) >= FEWEST_LESSONS and _COURSE.search(head) and not any(not _DEMO.search(p) for p in seen.scripts):
        return f"{len(teaching)} numbered notebooks of a course"
    if len(seen.learning_notebooks) >= FEWEST_LESSONS and _COURSE.search(called):
        return f"{len(seen.learning_notebooks)} notebooks with models, of what calls itself a course"
    trained = len(seen.scripts.intersection(numbered)) >= FEWEST_LESSONS
    most = len(numbered) >= FEWEST_LESSONS and 2 * len(numbered) >= layout.counts.code + layout.counts.notebooks
    if most and _COURSE.search(head if trained else called):
        return f"{len(numbered)} numbered lessons of a course"
    return None


def _is_examples(seen: Seen) -> str | None:
    """A row of projects; folders of notebooks beside scripts that train are the exploration of one project."""
    explored = seen.row and seen.scripts and all(re.match(r"(?i)notebooks?/", f) for f in seen.row.folders)
    if seen.row and not seen.row.numbered and not explored:
        return f"{len(seen.row.folders)} folders that train by themselves, {seen.row.folders[0]} among them"
    return None


def _is_app_that_trains(seen: Seen) -> str | None:
    """Everything that fits a model is only reached by a web application's handlers, directly or through other modules."""
    apps = {s.file for s in seen.services}
    if not apps or not seen.scripts or any(f.path.endswith(".ipynb") for f in seen.certain):
        return None
    if not all(_only_serves(path, apps, seen) for path in seen.scripts - apps):
        return None
    inside = [f for f in seen.certain if f.path in apps]
    if any(not f.scope and not _streamlit(f.path, seen) for f in inside):
        return None
    return f"training runs inside the web application {sorted(apps & {f.path for f in inside} or apps)[0]}"


def _only_serves(path: str, apps: set[str], seen: Seen) -> bool:
    """A module that neither runs nor trains by itself and that applications alone use, through whatever other modules."""
    known, waiting = {path}, [path]
    while waiting:
        module = waiting.pop()
        source, users = seen.snapshot.source(module), _users(module, seen.snapshot)
        if source is None or source.has_main or not users or any(f.path == module and not f.scope for f in seen.certain):
            return False
        new = set(users) - known
        known |= new
        waiting += new - apps
    return bool(known & apps)


def _users(path: str, snapshot: Snapshot) -> list[str]:
    """Files that import a module by its name."""
    name = posixpath.splitext(posixpath.basename(path))[0]
    named = (s for s in snapshot.sources if s.path != path and not is_aside(s.path))
    return [s.path for s in named if any(name in (*i.module.split("."), i.name) for i in s.imports)]


def _streamlit(path: str, seen: Seen) -> bool:
    return any(s.file == path and s.interface == "app" for s in seen.services)


def _is_notebooks(seen: Seen) -> str | None:
    if seen.certain and not seen.scripts and _airflow_tasks(seen.snapshot) < AIRFLOW_TASKS:
        files = sorted({f.path for f in seen.certain})
        return f"models are fitted in {len(files)} notebooks and in no script: {files[0]}"
    return None


def _is_pipeline(seen: Seen) -> str | None:
    if not seen.certain:
        return None
    if tools := sorted(set(seen.orchestrators) & _PIPELINE_TOOLS):
        return f"its steps are run by {', '.join(tools)}"
    if "dvc" in seen.orchestrators and any(
        len(dvc_stages(seen.snapshot, p)) >= 2 for p in seen.snapshot.own if posixpath.basename(p) == "dvc.yaml"
    ):
        return "dvc.yaml holds several stages"
    if "airflow" in seen.orchestrators and (n := _airflow_tasks(seen.snapshot)) >= AIRFLOW_TASKS:
        return f"an Airflow DAG of {n} tasks"
    stages = runnable_stages(seen.snapshot)
    if len(stages) >= STAGES_OF_A_PIPELINE:
        return f"{len(stages)} stages run by themselves: {', '.join(sorted(stages))}"
    return None


def _airflow_tasks(snapshot: Snapshot) -> int:
    return sum(
        sum(c.attribute.endswith("Operator") for c in s.calls)
        + sum("task" in d.decorators or "airflow.decorators.task" in d.decorators for d in s.definitions)
        for s in snapshot.sources
        if s.imported("airflow") and not is_aside(s.path)
    )


def _is_training(seen: Seen) -> str | None:
    if not seen.certain:
        return None
    fit = max(seen.certain, key=lambda f: (f.path in seen.scripts, f.strength))
    return f"fits a model in {fit.path}:{fit.line} ({fit.how})"


_ORDER: tuple[tuple[str, Judgement], ...] = (
    ("empty", _is_empty),
    ("awesome_list", _is_list),
    ("readme_only", _is_readme),
    ("template", _is_template),
    ("data_collection", _is_data),
    ("course_monorepo", _is_course),
    ("ml_library_demo", _is_library),
    ("ml_app_no_training", _is_app_without_training),
    ("example_monorepo", _is_examples),
    ("ml_app_trains_on_request", _is_app_that_trains),
    ("notebook_project", _is_notebooks),
    ("pipeline_project", _is_pipeline),
    ("training_project", _is_training),
)
"""Kinds from the emptiest to the richest; the first that holds is the answer."""
