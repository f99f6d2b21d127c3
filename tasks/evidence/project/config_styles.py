"""How a project is told what to do: command line, configuration files, environment, or not at all."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from tasks.evidence.project.config_files import config_paths
from tasks.evidence.project.fitting import is_aside, is_aside_source
from tasks.evidence.project.foreign import ForeignFile, foreign_files
from tasks.evidence.project.own_modules import OwnModules
from tasks.evidence.snapshot import Snapshot
from tasks.evidence.source import Call, SourceFile

BY_IMPORT = {
    "hydra": "hydra", "omegaconf": "omegaconf", "typer": "typer", "click": "click", "fire": "fire", "absl.flags": "absl_flags",
    "ml_collections": "ml_collections", "pydantic_settings": "pydantic", "pydantic.BaseSettings": "pydantic", "gin": "gin",
    "yacs": "yacs", "dynaconf": "dynaconf", "docopt": "docopt", "tyro": "tyro", "simple_parsing": "simple_parsing", "tap": "tap",
    "jsonargparse": "jsonargparse", "lightning.pytorch.cli": "lightning_cli", "pytorch_lightning.cli": "lightning_cli",
    "pytorch_lightning.utilities.cli": "lightning_cli", "sacred": "sacred", "decouple": "env", "environs": "env", "environ.Env": "env",
    "starlette.config": "env", "confuse": "yaml",
    "configobj": "ini", "mmengine.config": "mmengine", "mmcv.Config": "mmcv", "transformers.HfArgumentParser": "hf_argument_parser",
    "configargparse": "configargparse", "metaflow.Parameter": "metaflow_parameters", "metaflow.IncludeFile": "metaflow_parameters",
    "plac": "plac", "draccus": "draccus", "confection": "confection",
}  # fmt: skip
"""Style by dotted module or imported name."""
CALLS = {
    "argparse.ArgumentParser": "argparse", "optparse.OptionParser": "optparse", "configparser.ConfigParser": "ini",
    "configparser.RawConfigParser": "ini", "ConfigParser.ConfigParser": "ini", "absl.flags.DEFINE_string": "absl_flags",
}  # fmt: skip
READERS = {
    "yaml": re.compile(r"^(?:yaml\.(?:safe_|full_|unsafe_|round_trip_)?load(?:_all)?|ruamel\.yaml\..*|.*OmegaConf\.load|pyaml.*|"
    r"oyaml\.\w*load|box\.Box\.from_yaml|yaml\.YAML)$"),
    "json": re.compile(r"^(?:u?json|simplejson|commentjson|json5|orjson)\.loads?$|(?:^|\.)from_json(?:_file)?$"),
    "toml": re.compile(r"^(?:toml|tomllib|tomli)\.loads?$"),
}  # fmt: skip
_STAGE_PARAMETERS = re.compile(r"^\s{2,12}params:\s*(?:$|\[|#)", re.MULTILINE)
"""A stage of dvc.yaml that is run again when a parameter changes."""
_FLAGS = re.compile(r"(?:^|\.)(?:flags|FLAGS)\.DEFINE_\w+$")
_ENVIRONMENT = frozenset(["os.environ.get", "os.getenv", "getenv", "environ.get", "decouple.config", "streamlit.secrets.get"])
_ENVIRONMENT_SUBSCRIPT = re.compile(
    r"\bos\.environ\[\s*([a-z]\w*)\s*\](?!\s*(?:=(?!=)|\+=))|"
    r"\b(?:os\.)?environ\[\s*f?[\"']([A-Za-z]\w*)[\"']\s*\](?!\s*(?:=(?!=)|\+=))|[\"']([A-Z]\w*)[\"']\s+in\s+(?:os\.)?environ\b"
)
_ENVIRONMENT_EXAMPLE = re.compile(r"(?:^|/)(?:\.env[\w.-]*|[\w.-]*\.env(?:\.[\w-]+)?|env\.(?:example|sample|template))$", re.IGNORECASE)
_PLATFORM_VARIABLE = re.compile(
    r"^(?:PATH|HOME|USER|USERNAME|PWD|LOCAL_RANK|RANK|WORLD_SIZE|MASTER_ADDR|MASTER_PORT|PORT|CI|TMPDIR|DISPLAY|PYTHONPATH|TERM|SHELL|"
    r"VIRTUAL_ENV|(?:CUDA|COLAB|KAGGLE|SLURM|XDG|TORCH|NCCL|OMP|MKL)_\w+)$"
)
"""Variables that the system, a cluster or a library sets for every program: reading them is no setting of this one."""
_ARGV = re.compile(
    r"\bsys\.argv\s*\[\s*-?[1-9]\d?\s*\]|\blen\(\s*sys\.argv\s*\)|^\s*\w[\w, ]*=\s*sys\.argv\[1:\]|\bin\s+sys\.argv\b", re.MULTILINE
)
_COMMAND_LINES_WORDS = "argparse click typer hydra fire absl_flags tf_flags docopt optparse tyro plac tap jsonargparse simple_parsing"
_COMMAND_LINES = frozenset(_COMMAND_LINES_WORDS.split())
"""Where one of these reads the command line, `sys.argv` in another file is a helper's."""
_MODULE = re.compile(
    r"(?:^|/)(?:\w{1,40}_)?(?:configs?|configuration|settings|params|parameters|hparams|hyperparameters|constants?|cfg)\.py$"
)
_SIDE = re.compile(r"(?:^|/)(?:\.github|ci|\.ci|docs?|scripts/dev)/")
_FOREIGN = (
    ("lua", re.compile(r"torch\.CmdLine\s*\("), "torch_cmdline"),
    ("lua", re.compile(r"\bos\.getenv\("), "env"),
    ("r", re.compile(r"\bOptionParser\(|library\(\s*optparse"), "optparse"),
    ("r", re.compile(r"\bArgumentParser\(|\barg_parser\(|library\(\s*(?:argparse|argparser)"), "argparse"),
    ("r", re.compile(r"\bcommandArgs\("), "commandargs"),
    ("r", re.compile(r"\bconfig::get\(|\bread_yaml\(|\byaml\.load_file\("), "yaml"),
    ("r", re.compile(r"\bSys\.getenv\("), "env"),
    ("julia", re.compile(r"\bArgParseSettings\b|@add_arg_table"), "argparse"),
    ("julia", re.compile(r"\bparsefile\(|YAML\.load_file"), "toml"),
    ("julia", re.compile(r"\bARGS\["), "argv"),
    ("javascript", re.compile(r"\bprocess\.env\.[A-Z]"), "env"),
    ("typescript", re.compile(r"\bprocess\.env\.[A-Z]"), "env"),
)  # fmt: skip


def find_config_styles(
    snapshot: Snapshot, orchestrators: tuple[str, ...] = (), foreign: tuple[ForeignFile, ...] | None = None, apis: bool = False
) -> tuple[str, ...]:
    """Styles by name, sorted; `("hardcoded",)` when there is code and nothing tells it anything from outside.

    `apis`: a language model of somebody else is called, whose client reads its key from the environment.
    """
    foreign = tuple(foreign_files(snapshot)) if foreign is None else foreign
    sources = [s for s in snapshot.sources if not is_aside_source(s) and not _SIDE.search(s.path)]
    scripts = [s for s in sources if not s.is_notebook]
    found = {*_imported(sources, snapshot), *_called(scripts), *_files_read(sources, snapshot), *_environment(snapshot, scripts, apis)}
    found |= {*_by_modules(scripts), *_of_tools(snapshot, orchestrators), *_in_foreign(foreign)}
    if not found & _COMMAND_LINES and _reads_argv(snapshot, scripts):
        found.add("sys.argv")
    _settle(found)
    return tuple(sorted(found)) or (("hardcoded",) if sources or foreign else ())


def _settle(found: set[str]) -> None:
    """One library is not told twice: hydra brings omegaconf, reads YAML and owns the parameters DVC tracks; kedro's generated
    command line is click; typer's programs parse with nothing else."""
    if "hydra" in found:
        found -= {"omegaconf", "dvc_params"}
        found.add("yaml")
    if found & {"omegaconf", "lightning_cli"}:
        found.add("yaml")
    if "kedro_conf" in found:
        found.discard("click")
        found.add("yaml")
    if "typer" in found:
        found.discard("argparse")


def _imported(sources: list[SourceFile], snapshot: Snapshot) -> Iterator[str]:
    own = OwnModules(snapshot)
    for source in sources:
        for item in source.imports:
            full = f"{item.module}.{item.name}" if item.name else item.module
            style = next((s for m, s in BY_IMPORT.items() if full == m or full.startswith(f"{m}.")), None)
            if style and not own.owns(source, item):
                yield style


def _called(scripts: list[SourceFile]) -> Iterator[str]:
    for source in scripts:
        for call in source.calls:
            if call.name in CALLS:
                yield CALLS[call.name]
            elif _FLAGS.search(call.name):
                yield "absl_flags" if "absl" in call.name or source.imported("absl") else "tf_flags"


def _files_read(sources: list[SourceFile], snapshot: Snapshot) -> Iterator[str]:
    """Formats of which there are settings files and code that reads that format."""
    for form, reader in READERS.items():
        if config_paths(snapshot, form) and any(reader.search(c.name) and not _of_request(c) for s in sources for c in s.calls):
            yield form


def _of_request(call: Call) -> bool:
    return any(
        word in (call.args[0].lower() if call.args else "") for word in ("request", "response", "body", "event", "arguments", "raw_data")
    )


def _environment(snapshot: Snapshot, scripts: list[SourceFile], apis: bool) -> Iterator[str]:
    """Several own variables are read, or one that an example file lists or a helper asks by name. One alone is a switch or a
    key, beside settings that stand elsewhere."""
    names: set[str] = set()
    for source in scripts:
        names |= {c.args[0].strip("'\"") for c in source.calls if c.name in _ENVIRONMENT and c.args}
        if any(i.top == "os" or i.name == "environ" for i in source.imports):
            names |= {"".join(groups) for groups in _ENVIRONMENT_SUBSCRIPT.findall(snapshot.text(source.path) or "")}
            snapshot.forget(source.path)
    listed = any(_ENVIRONMENT_EXAMPLE.search(p) for p in snapshot.own)
    helper = any(n[:1].islower() and n.isidentifier() for n in names)
    if len([n for n in names if not _PLATFORM_VARIABLE.match(n)]) >= (1 if listed or helper else 2) or (listed and apis):
        yield "env"


def _reads_argv(snapshot: Snapshot, scripts: list[SourceFile]) -> bool:
    candidates = (s for s in scripts if any(i.top == "sys" for i in s.imports))
    return any(_ARGV.search(snapshot.text(s.path) or "") for s in candidates)


def _by_modules(scripts: list[SourceFile]) -> Iterator[str]:
    """A Python module that holds settings, not mainly functions, and that others import; or a home-made tree of settings."""
    wanted = {
        s.path: posixpath.splitext(posixpath.basename(s.path))[0]
        for s in scripts
        if _MODULE.search(s.path) and len(_constants(s)) + s.statements >= max(5, sum("." not in d.name for d in s.definitions))
    }
    used = {name for s in scripts for i in s.imports for name in (*i.module.split("."), i.name or "")}
    folders = Counter(posixpath.dirname(s.path) for s in scripts if _is_settings_file(s))
    if any(name in used for name in wanted.values()) or any(n >= 2 for n in folders.values()):
        yield "python_module"
    if any(d.kind == "class" and d.name == "CfgNode" for s in scripts for d in s.definitions):
        yield "custom_cfgnode"


def _is_settings_file(source: SourceFile) -> bool:
    """A file of assignments alone in a folder of settings, to be executed or imported."""
    in_folder = re.search(r"(?:^|/)configs?/[^/]+\.py$", source.path)
    return bool(in_folder and len(source.assignments) >= 4 and not source.definitions and not source.imports)


def _constants(source: SourceFile) -> list[str]:
    return [name for name in source.assignments if name.isupper()]


def _of_tools(snapshot: Snapshot, orchestrators: tuple[str, ...]) -> Iterator[str]:
    names = {posixpath.basename(p) for p in snapshot.own}
    if "MLproject" in names:
        yield "mlproject"
    pipelines = (snapshot.text(p) or "" for p in snapshot.own if posixpath.basename(p) == "dvc.yaml")
    if names & {"params.yaml", "params.yml"} and any(_STAGE_PARAMETERS.search(text) for text in pipelines):
        yield "dvc_params"
    if "kedro" in orchestrators and any(re.search(r"(?:^|/)conf/(?:base|local)/", p) for p in snapshot.own):
        yield "kedro_conf"


def _in_foreign(files: tuple[ForeignFile, ...]) -> Iterator[str]:
    for file in files:
        patterns = [(p, style) for language, p, style in _FOREIGN if language == file.language]
        if patterns and not is_aside(file.path):
            yield from (style for _, line in file.lines for p, style in patterns if p.search(line))
