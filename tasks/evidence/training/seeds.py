"""Where random number generators are fixed, and which random steps are left free."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Literal

from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile
from tasks.evidence.training.facts import Seed, Seeded
from tasks.evidence.training.sources import foreign_lines, training_sources

GLOBAL_SEEDS = {
    "numpy.random.seed": "numpy",
    "random.seed": "random",
    "torch.manual_seed": "torch",
    "torch.random.manual_seed": "torch",
    "tensorflow.random.set_seed": "tensorflow",
    "tensorflow.set_random_seed": "tensorflow",
    "tensorflow.random.set_random_seed": "tensorflow",
    "tensorflow.compat.v1.set_random_seed": "tensorflow",
    "tensorflow.compat.v1.random.set_random_seed": "tensorflow",
    "keras.utils.set_random_seed": "keras",
    "tensorflow.keras.utils.set_random_seed": "keras",
    "jax.random.PRNGKey": "jax",
    "jax.random.key": "jax",
    "transformers.set_seed": "transformers",
    "accelerate.utils.set_seed": "accelerate",
    "fastai.torch_core.set_seed": "fastai",
    "mxnet.random.seed": "mxnet",
    "paddle.seed": "paddle",
    "dgl.seed": "dgl",
    "numpy.random.default_rng": "numpy",
    "numpy.random.RandomState": "numpy",
}
_OWN_SEEDER = re.compile(
    r"(?:^|[._])(?:set_?(?:all_?|random_?|global_?|the_?)*seeds?|seed_everything|seed_all|fix_?(?:random_?)?seeds?|"
    r"seed_?torch|setup_?seed|init_?seeds?|reset_random_seeds?|random_seed|set_determinis\w*|pl_seed)$",
    re.I,
)
SEED_KEYWORDS = ("random_state", "seed", "random_seed", "random_seed_", "rng", "generator", "seed_", "data_seed", "sampler_seed")
SPLITTERS = frozenset(
    [
        "train_test_split",
        "KFold",
        "StratifiedKFold",
        "RepeatedKFold",
        "RepeatedStratifiedKFold",
        "ShuffleSplit",
        "StratifiedShuffleSplit",
        "GroupShuffleSplit",
        "random_split",
        "randomSplit",
        "StratifiedGroupKFold",
        "split_dataset",
        "RandomSplitter",
    ]
)
_FREE_BY_DEFAULT = frozenset(
    ["train_test_split", "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit", "random_split", "randomSplit"]
)
STOCHASTIC_MODELS = frozenset(
    [
        "RandomForestClassifier",
        "RandomForestRegressor",
        "ExtraTreesClassifier",
        "ExtraTreesRegressor",
        "GradientBoostingClassifier",
        "GradientBoostingRegressor",
        "MLPClassifier",
        "MLPRegressor",
        "KMeans",
        "MiniBatchKMeans",
        "SGDClassifier",
        "SGDRegressor",
        "BaggingClassifier",
        "BaggingRegressor",
        "DecisionTreeClassifier",
        "DecisionTreeRegressor",
        "IsolationForest",
        "AdaBoostClassifier",
        "AdaBoostRegressor",
        "Word2Vec",
        "Doc2Vec",
        "LatentDirichletAllocation",
        "TSNE",
        "GaussianMixture",
        "RandomizedSearchCV",
    ]
)
DETERMINISM = frozenset(("torch.use_deterministic_algorithms", "tensorflow.config.experimental.enable_op_determinism"))
_FOREIGN_SEED = re.compile(
    r"\bset\.seed\s*\(|\bmanualSeed\s*\(|\bRandom\.seed!\s*\(|\btar_seed|\bmath\.randomseed\s*\(|\btf\$random\$set_seed|"
    r"\bset_random_seed\s*\(|\buse_session_with_seed\s*\(|\bMersenneTwister\s*\(\s*\d"
)


class SeedReading:
    """What was found, before it is summed up."""

    def __init__(self) -> None:
        self.seeds: list[Seed] = []
        self.unseeded: list[Place] = []
        self.free_splits = 0
        self.free_models = 0
        self.free_shuffles = 0
        self.determinism: list[Place] = []


def read_seeds(snapshot: Snapshot) -> SeedReading:
    """Seeds of all training sources and of R, Julia and Lua files."""
    reading = SeedReading()
    for source in training_sources(snapshot):
        defined = {d.name.rsplit(".", 1)[-1] for d in source.definitions}
        for call in source.calls:
            _read_call(snapshot, source, call, defined, reading)
    for path, line, code in foreign_lines(snapshot):
        if _FOREIGN_SEED.search(code):
            reading.seeds.append(Seed(library=path.rsplit(".", 1)[-1].lower(), place=place_in(snapshot, path, line)))
    _mark_conditional(snapshot, reading)
    return reading


def sum_up(reading: SeedReading) -> Seeded:
    """One word for the repository: a free shuffle or a free model spoils a seeded split unless a global seed covers it.

    Where scripts seed both, what an exploring notebook beside them leaves free does not matter.
    """
    certain = [s for s in reading.seeds if not s.conditional]
    if any(s.scope == "global" for s in certain):
        return "yes"
    scopes = {s.scope for s in certain}
    in_scripts = {s.scope for s in certain if s.place.file.endswith(".py")}
    if {"split", "model"} <= in_scripts and reading.unseeded and all(p.file.endswith(".ipynb") for p in reading.unseeded):
        return "yes"
    if {"split", "model"} <= scopes and not (reading.free_shuffles or reading.free_models or reading.free_splits):
        return "yes"
    return "partial" if {"split", "model"} & scopes or reading.seeds else "no"


def _read_call(snapshot: Snapshot, source: SourceFile, call: Call, defined: set[str], reading: SeedReading) -> None:
    where = lambda note: place_in(snapshot, source.path, call.line, note)  # noqa: E731
    if call.name in DETERMINISM:
        reading.determinism.append(where("deterministic algorithms"))
    elif library := global_library(call):
        if not (call.scope and _OWN_SEEDER.search(call.scope.rsplit(".", 1)[-1])):
            reading.seeds.append(Seed(library=library, scope="global", place=where(f"global seed of {library}")))
    elif call.attribute in SPLITTERS:
        _read_split(call, where, reading)
    elif seeded_keyword(call):
        scope: Literal["data", "model"] = (
            "data" if call.attribute.startswith("make_") or call.attribute in ("sample", "shuffle") else "model"
        )
        if call.attribute[:1].isupper() or scope == "data":
            reading.seeds.append(Seed(library=call.name.split(".")[0], scope=scope, place=where(f"{call.attribute} seeded")))
    elif call.attribute in STOCHASTIC_MODELS and "**" not in call.keywords:
        reading.free_models += 1
        reading.unseeded.append(where(f"{call.attribute} without random_state"))
    elif (call.attribute == "sample" and call.keywords.get("frac") in ("1", "1.0")) or call.name == "sklearn.utils.shuffle":
        reading.free_shuffles += 1
        reading.unseeded.append(where("rows shuffled without random_state"))


def _read_split(call: Call, where: Callable[[str], Place], reading: SeedReading) -> None:
    if seeded_keyword(call):
        reading.seeds.append(Seed(library=call.name.split(".")[0], scope="split", place=where(f"{call.attribute} seeded")))
    elif is_free_split(call):
        reading.free_splits += 1
        reading.unseeded.append(where(f"{call.attribute} without a seed"))


def is_free_split(call: Call) -> bool:
    """A split that draws rows at random and fixes no seed."""
    if call.attribute not in SPLITTERS or seeded_keyword(call) or call.keywords.get("shuffle") == "False" or "**" in call.keywords:
        return False
    if call.attribute == "randomSplit" and len(call.args) > 1:
        return False
    return call.attribute in _FREE_BY_DEFAULT or call.keywords.get("shuffle") == "True"


def seeded_keyword(call: Call) -> bool:
    """Whether a seed is passed, and not as None; Spark takes it as the second argument of `randomSplit`."""
    if call.attribute == "randomSplit" and len(call.args) > 1 and call.args[1] != "None":
        return True
    return any(call.keywords.get(k, "None") != "None" for k in SEED_KEYWORDS)


def global_library(call: Call) -> str | None:
    """The library whose generator a call fixes for the whole process."""
    if call.name in GLOBAL_SEEDS:
        return GLOBAL_SEEDS[call.name] if call.args or call.keywords else None
    if _OWN_SEEDER.search(call.name) and not call.name.startswith("torch.cuda"):
        return call.name.split(".")[0].lstrip(".") or "own"
    return None


_SEED_TEST = re.compile(r"seed|random_state", re.I)


def _mark_conditional(snapshot: Snapshot, reading: SeedReading) -> None:
    """Global seeds inside `if cfg.get("seed"):` count only when a configuration sets one; templates often leave it null."""
    for path in sorted({s.place.file for s in reading.seeds if s.scope == "global" and s.place.file.endswith(".py")}):
        ranges = _guarded_ranges(snapshot, path)
        if ranges and _seed_default_is_null(snapshot):
            reading.seeds = [
                s.model_copy(update={"conditional": True})
                if s.place.file == path and any(a <= (s.place.line or 0) <= b for a, b in ranges)
                else s
                for s in reading.seeds
            ]


def _guarded_ranges(snapshot: Snapshot, path: str) -> list[tuple[int, int]]:
    from tasks.evidence.source import syntax_tree, text_of

    tree = syntax_tree(snapshot, path)
    tests = (n for n in ast.walk(tree) if isinstance(n, ast.If)) if tree else ()
    return [(n.lineno, n.end_lineno or n.lineno) for n in tests if _SEED_TEST.search(text_of(n.test))]


_NULL_SEED = re.compile(r"(?m)^\s{0,8}(?:random_)?seed\s*:\s*(?:null|~|None)?\s*(?:#.*)?$")
_SET_SEED = re.compile(r"(?m)^\s{0,8}(?:random_)?seed\s*:\s*\d+")


def _seed_default_is_null(snapshot: Snapshot) -> bool:
    """A configuration file leaves the seed empty, or an option's default is None, and no top-level one sets it."""
    return any(_NULL_SEED.search(snapshot.text(p) or "") for p in snapshot.matching(r"\.ya?ml$")[:2000])
