"""Experiment trackers that code really uses, and whether they run when training runs as documented."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from tasks.evidence.mlops.facts import Tracker
from tasks.evidence.mlops.guards import Defaults, Guard, Guards
from tasks.evidence.mlops.manifests import load_yaml
from tasks.evidence.place import Place, place_in
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import SourceFile

PLACES_LIMIT = 8
_SIDE = re.compile(r"(?:^|/)(?:tests?|docs?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
CONFIG_LIMIT = 500
CONFIG_BYTES = 50_000


class _Rule(NamedTuple):
    """How the use of a tracker looks: names as they are resolved by the imports."""

    name: str
    modules: tuple[str, ...]
    """Packages whose import makes the calls below the tracker's."""
    starts: str
    """Pattern of resolved calls that open a run or make a logger."""
    logs: str = r"$^"
    """Pattern of resolved calls that record something in a run that is open."""


_LIGHTNING = r"(?:pytorch_lightning|lightning|lightning_fabric|lightning\.pytorch|lightning\.fabric)\.(?:\w+\.)*"
RULES = (
    _Rule("mlflow", ("mlflow",), r"^mlflow\.(?:start_run|autolog|set_experiment|\w+\.autolog|create_experiment|MlflowClient|"
        r"tracking\.MlflowClient)$|"
          r"MLFlowLogger$|MLflowLoggerCallback$|MLflowCallback$|MlflowCallback$|setup_mlflow$|mlflow_mixin$",
          r"^mlflow\.(?:\w+\.)*(?:log_\w+|set_tags?|evaluate)$"),
    _Rule("wandb", ("wandb",), r"^wandb\.(?:init|agent|sweep|setup)$|Wandb(?:Logger\w*|Callback|MetricsLogger|Tracker)$|"
        r"WeightsAndBiasesLogger$|wandb_mixin$|setup_wandb$",
          r"^wandb\.(?:log\w*|watch|save|config\.update|Artifact|Table)$|^wandb\.\w+\.plot_\w+$|^wandb\.sklearn\.\w+$"),
    _Rule("tensorboard", ("tensorboard", "tensorboardX", "torch", "tensorflow", "keras", "flax", "pytorch_lightning", "lightning",
        "ignite"),
          r"(?:^|\.)SummaryWriter$|TensorBoard(?:Logger|Callback|OutputHandler)?$|(?:^|\.)TensorboardLogger$|"
              r"summary\.(?:create_file_writer|FileWriter)$|create_file_writer$|^tensorboard_logger\.configure$",
          r"^(?:tensorflow|tf)(?:\.compat\.v1)?\.summary\.(?:scalar|histogram|image|merge_all|text)$"),
    _Rule("comet", ("comet_ml", "pytorch_lightning", "lightning"), r"^comet_ml\.(?:\w+\.)*(?:Experiment|OfflineExperiment|"
        r"ExistingExperiment|start|init|Optimizer)$|CometLogger$|CometCallback$|CometMLLogger$"),
    _Rule("neptune", ("neptune", "pytorch_lightning", "lightning"), r"^neptune\.(?:new\.)?(?:init\w*|create_experiment|Run)$|"
        r"^neptunecontrib|Neptune(?:Logger|Callback)$"),
    _Rule("clearml", ("clearml", "trains", "allegroai"), r"^(?:clearml|trains)\.(?:\w+\.)*Task\.(?:init|create)$|ClearMLLogger$|"
        r"ClearMLCallback$"),
    _Rule("aim", ("aim",), r"^aim\.(?:\w+\.)*(?:Run|Session|AimLogger|AimCallback)$|AimLogger$|AimCallback$"),
    _Rule("dvclive", ("dvclive",), r"^dvclive\.(?:\w+\.)*(?:Live|init|DVCLive\w+|log)$|DVCLive(?:Logger|Callback)$"),
    _Rule("azureml", ("azureml",), r"^azureml\.(?:\w+\.)*(?:Run\.get_context|Run\.get_submitted_run|Run\.start_logging|Experiment)$"),
    _Rule("metaflow", ("metaflow",), r"^$"),
    _Rule("clu_metric_writers", ("clu",), r"^clu\.metric_writers\.\w+$"),
    _Rule("sacred", ("sacred",), r"^sacred\.(?:\w+\.)*(?:Experiment|MongoObserver|FileStorageObserver)"),
    _Rule("sagemaker_experiments", ("sagemaker", "smexperiments"), r"^sagemaker\.experiments\.(?:\w+\.)*(?:Run|load_run)$|"
        r"^smexperiments\.\w+\.(?:Experiment|Trial|Tracker)\.\w+$"),
    _Rule("vertex_ai", ("google",), r"^google\.cloud\.aiplatform\.(?:start_run|log_metrics|log_params)$"),
    _Rule("swanlab", ("swanlab",), r"^swanlab\.(?:init|\w+\.\w*Logger)$|SwanLab(?:Logger|Callback)$"),
    _Rule("trackio", ("trackio",), r"^trackio\.init$"),
    _Rule("visdom", ("visdom",), r"^visdom\.Visdom$|VisdomLogger$"),
    _Rule("polyaxon", ("polyaxon", "polyaxon_client"), r"^polyaxon\w*\.(?:\w+\.)*(?:init|Experiment|Run)$|PolyaxonCallback$"),
    _Rule("guild", ("guild",), r"^guild\.(?:run|ipy\.run)$"),
    _Rule("csv", ("pytorch_lightning", "lightning"), rf"^{_LIGHTNING}CSVLogger$"),
)  # fmt: skip
PATTERNS = [(rule, re.compile(rule.starts), re.compile(rule.logs)) for rule in RULES]
_RECORDS = (
    ("parameters", re.compile(r"log_params?$|log_hyperparams$|log_parameters?$|set_tags?$|autolog$|config\.update$|\.connect$|^wandb\.(?:sweep|agent)$|"
        r"add_hparams$")),
    ("metrics", re.compile(r"log_metrics?$|^wandb\.log$|add_scalars?$|summary\.scalar$|write_scalars$|autolog$|Logger$|Callback$|"
        r"log_scalar$|\.log$|evaluate$|TensorBoard$")),
    ("artifacts", re.compile(r"log_(?:artifacts?|model|table|image|figure|text|dict|input|asset\w*)$|\.Artifact$|^wandb\.save$|"
        r"add_(?:image|figure|histogram)\w*$|autolog$|upload_artifact$")),
)  # fmt: skip
_CHOSEN = re.compile(r"^['\"][\w-]+['\"] if ([\w.]{1,80}) else (?:None|\[\]|['\"]none['\"])$")
_SETTINGS = frozenset(["config", "hparams", "params", "parameters", "hyperparameters"])
"""Keywords by which a run is given its parameters when it is opened."""
_CONFIG_LOGGERS = (
    ("wandb", "WandbLogger"), ("mlflow", "MLFlowLogger"), ("tensorboard", "TensorBoardLogger"), ("comet", "CometLogger"), ("neptune",
    "NeptuneLogger"),
    ("aim", "AimLogger"), ("csv", "CSVLogger"), ("clearml", "ClearMLLogger"), ("dvclive", "DVCLiveLogger"),
)  # fmt: skip

_REPORT_TO = re.compile(
    r"(?m)^[ \t]*report_to[ \t]*:[ \t\n-]*\[?[\"']?(wandb|mlflow|tensorboard|comet_ml|neptune|clearml|swanlab|trackio)\b"
)


class _Use(NamedTuple):
    place: Place
    starts: bool
    reason: str
    """Why it is off by default; empty when it is on."""
    logs: tuple[str, ...]


def find_trackers(snapshot: Snapshot) -> tuple[Tracker, ...]:
    """Trackers by name; one counts as optional when nothing that opens a run of it is reached by default."""
    uses: dict[str, list[_Use]] = {}
    defaults = Defaults(snapshot)
    for source in snapshot.sources:
        if not _SIDE.search(source.path):
            for name, use in _uses(snapshot, source, defaults):
                uses.setdefault(name, []).append(use)
    for name, use in _configured(snapshot):
        uses.setdefault(name, []).append(use)
    return tuple(_tracker(name, found) for name, found in sorted(uses.items()))


def _tracker(name: str, uses: list[_Use]) -> Tracker:
    decisive = [u for u in uses if u.starts] or uses
    optional = all(u.reason for u in decisive)
    ordered = sorted(uses, key=lambda u: (not u.starts, bool(u.reason)))
    logs = tuple(what for what, _ in _RECORDS if any(what in u.logs for u in uses))
    places = tuple(dict.fromkeys(u.place for u in ordered))[:PLACES_LIMIT]
    return Tracker(name=name, optional=optional, reason=decisive[0].reason if optional else "", places=places, logs=logs)


def _uses(snapshot: Snapshot, source: SourceFile, defaults: Defaults) -> Iterator[tuple[str, _Use]]:
    modules = source.modules
    rules = [item for item in PATTERNS if not modules.isdisjoint(item[0].modules) or item[0].name in ("wandb", "mlflow", "tensorboard")]
    guards: Guards | None = None
    for call in source.calls:
        for rule, starts, logs in rules:
            opens = bool(starts.search(call.name))
            if not opens and not logs.search(call.name):
                continue
            if modules.isdisjoint(rule.modules) and not re.search(r"[A-Z]\w*(?:Logger|Callback)", call.name):
                continue
            guards = guards or Guards(snapshot, source.path, defaults)
            reason = _disabled(call.keywords.get("mode", "")) or guards.switched_off(call.line, rule.name) or ""
            recorded = _recorded(source, call.name, call.targets, opens)
            if not _SETTINGS.isdisjoint(call.keywords):
                recorded = tuple(sorted({*recorded, "parameters"}))
            yield rule.name, _Use(place_in(snapshot, source.path, call.line, f"uses {rule.name}"), opens, reason, recorded)
    yield from _classes(snapshot, source)
    yield from _reports_to(snapshot, source, defaults)


def _disabled(mode: str) -> str:
    return "mode is disabled" if mode.strip("\"'") in ("disabled", "dryrun") else ""


def _recorded(source: SourceFile, name: str, targets: tuple[str, ...], opens: bool) -> tuple[str, ...]:
    """What is recorded by a call, and for one that opens a run by the methods of what it returns."""
    names = [name]
    if opens:
        names += [c.name for c in source.calls if c.receiver == name or (targets and c.name.startswith(f"{targets[0]}."))]
    found = {what for what, pattern in _RECORDS if any(pattern.search(n) for n in names)}
    if name.startswith("dvclive") and opens:
        found |= {"metrics", "parameters"}  # its `summary` is assigned, not called, and DVC keeps the parameters beside it
    if opens and re.search(r"(?:Logger|Callback)$", name):
        found |= {"parameters", "metrics"}
    return tuple(sorted(found))


def _classes(snapshot: Snapshot, source: SourceFile) -> Iterator[tuple[str, _Use]]:
    """Metaflow keeps what a flow's steps assign: the flow is the run. A writer imported by its name in a string is used, too."""
    for definition in source.definitions:
        if definition.kind == "class" and any(p in ("metaflow.FlowSpec", "metaflow.flowspec.FlowSpec") for p in definition.parameters):
            place = place_in(snapshot, source.path, definition.line, "Metaflow keeps the steps' values")
            yield "metaflow", _Use(place, True, "", ("parameters", "artifacts"))
    for text, line in source.strings:
        if text in ("torch.utils.tensorboard", "tensorboardX"):
            yield "tensorboard", _Use(place_in(snapshot, source.path, line, "imported by name"), True, "", ("metrics",))


def _reports_to(snapshot: Snapshot, source: SourceFile, defaults: Defaults) -> Iterator[tuple[str, _Use]]:
    """`report_to` and `log_with` of Hugging Face trainers and PyCaret's `log_experiment` name their trackers."""
    names = {"wandb": "wandb", "mlflow": "mlflow", "tensorboard": "tensorboard", "comet_ml": "comet", "neptune": "neptune",
        "clearml": "clearml",
             "dvclive": "dvclive", "swanlab": "swanlab", "trackio": "trackio"}  # fmt: skip
    for call in source.calls:
        text = call.keywords.get("report_to") or call.keywords.get("log_with") or call.keywords.get("log_experiment") or ""
        text = "'mlflow'" if text == "True" and "log_experiment" in call.keywords else text
        if call.name.endswith("add_argument"):
            continue
        for word in re.findall(r"['\"]([\w-]+)['\"]", text):
            if tracker := names.get(word):
                reason = Guards(snapshot, source.path, defaults).switched_off(call.line, tracker) or ""
                if not reason and (choice := _CHOSEN.match(text)):
                    guard = Guard(choice.group(1), choice.group(1).rsplit(".", 1)[-1], None, False)
                    reason = defaults.off(guard, source.path, tracker) or ""
                yield (
                    tracker,
                    _Use(place_in(snapshot, source.path, call.line, f"reports to {word}"), True, reason, ("parameters", "metrics")),
                )


def _configured(snapshot: Snapshot) -> Iterator[tuple[str, _Use]]:
    """Loggers that a configuration makes (`_target_`, `class_path`): on when the main configuration chooses their file."""
    paths = [p for p in snapshot.own if p.endswith((".yaml", ".yml")) and snapshot.size(p) <= CONFIG_BYTES and not p.startswith(".github/")]
    texts = {p: snapshot.text(p) or "" for p in paths[:CONFIG_LIMIT]}
    chosen = _chosen(texts)
    for path, text in texts.items():
        for reported in islice(_REPORT_TO.finditer(text), 5):
            line = text.count("\n", 0, reported.start(1)) + 1
            yield (
                reported.group(1).removesuffix("_ml"),
                _Use(place_in(snapshot, path, line, "reports to"), True, "", ("parameters", "metrics")),
            )
    for path, text in texts.items():
        for name, logger in _CONFIG_LOGGERS:
            match = re.search(rf"(?m)^[^#\n]*(?:_target_|class_path)[\"']?\s*:\s*[\"']?[\w.]*\.{logger}\b", text)
            if not match:
                continue
            group = posixpath.basename(posixpath.dirname(path))
            stem = posixpath.basename(path).rsplit(".", 1)[0]
            own = "logger" not in (group, stem) and not re.search(r"(?i)logg|callback|track", group)
            reason = "" if own or (group, stem) in chosen else "no main configuration chooses this logger"
            line = text.count("\n", 0, match.start()) + 1
            yield name, _Use(place_in(snapshot, path, line, f"configures {logger}"), True, reason, ("metrics", "parameters"))


def _chosen(texts: dict[str, str]) -> set[tuple[str, str]]:
    """Group and file name of what the `defaults` of a main configuration choose, one list deeper for files that gather others."""
    pairs: set[tuple[str, str]] = set()
    gathered: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for path, text in texts.items():
        if "defaults:" not in text:
            continue
        data = load_yaml(text)
        listed = data.get("defaults") if isinstance(data, dict) else None
        folder, stem = posixpath.basename(posixpath.dirname(path)), posixpath.basename(path).rsplit(".", 1)[0]
        found = {p for item in (listed if isinstance(listed, list) else [])[:100] for p in _pairs(item, folder)}
        if re.search(r"(?i)experiment|hparams|debug|sweep|logger|callbacks", folder):
            gathered[folder, stem] = found
        else:
            pairs |= found
    return pairs | {inner for pair in pairs for inner in gathered.get(pair, ())}


def _pairs(item: object, folder: str) -> Iterator[tuple[str, str]]:
    if isinstance(item, str):
        group, _, name = item.rpartition("/")
        yield posixpath.basename(group) or folder, name.removesuffix(".yaml")
    elif isinstance(item, dict):
        for key, value in item.items():
            group = str(key).replace("override ", "").strip().rsplit("/", 1)[-1].split("@")[0]
            for name in value if isinstance(value, list) else [value]:
                if isinstance(name, str):
                    yield group, name.removesuffix(".yaml")
