"""Styles of configuration: found where code reads them, `hardcoded` where nothing is read."""

import pytest

from tasks.evidence.project.config_styles import find_config_styles
from tasks.evidence.snapshot import Snapshot


def styles(folder, files, **options):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return set(find_config_styles(Snapshot.of_folder(folder), **options))


LOAD = "import yaml\nc = yaml.safe_load(open('params.yaml'))\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": "x = 1\n"}, {"hardcoded"}),
        ({"a.py": "import argparse\np = argparse.ArgumentParser()\n"}, {"argparse"}),
        ({"tests/test_a.py": "import argparse\np = argparse.ArgumentParser()\n", "a.py": "x = 1\n"}, {"hardcoded"}),
        ({"a.py": "import hydra\nfrom omegaconf import DictConfig\n"}, {"hydra", "yaml"}),
        ({"a.py": "from omegaconf import OmegaConf\n"}, {"omegaconf", "yaml"}),
        ({"a.py": "import sys\nalpha = float(sys.argv[1])\n"}, {"sys.argv"}),
        ({"a.py": "import os, sys\nhere = os.path.dirname(sys.argv[0])\n"}, {"hardcoded"}),
        ({"a.py": "import tensorflow as tf\ntf.flags.DEFINE_integer('n', 1, '')\n", "b.py": "import sys\nx = sys.argv[1]\n"}, {"tf_flags"}),
        ({"a.py": "import os\na = os.environ['SLURM_PROCID']\nb = os.getenv('XDG_CACHE_HOME')\n"}, {"hardcoded"}),
        ({"model_config.py": "A = 1\nB = 2\nC = 3\nD = 4\nE = 5\n", "a.py": "from model_config import A\n"}, {"python_module"}),
        (
            {"config.py": "A = 1\n" + "f()\n" * 4 + "".join(f"def f{n}():\n    pass\n" for n in range(6)), "a.py": "import config\n"},
            {"hardcoded"},
        ),
        ({"a.py": LOAD, "params.yaml": "lr: 1\n"}, {"yaml"}),
        ({"a.py": LOAD, "docker-compose.yaml": "services: {}\n"}, {"hardcoded"}),
        ({"a.py": "x = 1\n", "config/config.yaml": "lr: 1\n"}, {"hardcoded"}),
        ({"a.py": "import json\nc = json.load(open('c.json'))\n", "configs/default.json": "{}"}, {"json"}),
        ({"a.py": "import os\na = os.environ['A_KEY']\nb = os.getenv('B_KEY')\n"}, {"env"}),
        ({"a.py": "import os\na = os.environ['A_KEY']\n"}, {"hardcoded"}),
        ({"a.py": "import os\na = os.environ['A_KEY']\n", ".env.example": "A_KEY=\n"}, {"env"}),
        ({"a.py": "import os\nos.environ['A_KEY'] = '1'\nos.environ['B_KEY'] = '2'\n"}, {"hardcoded"}),
        ({"a.py": "import os\n\ndef setting(name):\n    return os.environ[name]\n"}, {"env"}),
        ({"a.py": "from starlette.config import Config\nconfig = Config('.env')\n"}, {"env"}),
        ({"a.lua": "require 'torch'\nlocal n = os.getenv('niter')\n"}, {"env"}),
        (
            {"a.py": LOAD, "params.yaml": "lr: 1\n", "dvc.yaml": "stages:\n  train:\n    cmd: a\n    params:\n    - lr\n"},
            {"yaml", "dvc_params"},
        ),
        ({"a.py": LOAD, "params.yaml": "lr: 1\n", "dvc.yaml": "stages:\n  train:\n    cmd: a\n"}, {"yaml"}),
        ({"a.py": "x = 1\n", "MLproject": "name: x\n"}, {"mlproject"}),
        ({"a.py": "import typer\napp = typer.Typer()\n"}, {"typer"}),
        ({"a.py": "from absl import flags\nflags.DEFINE_string('a', 'b', 'c')\n"}, {"absl_flags"}),
        ({"a.py": "import tensorflow as tf\ntf.app.flags.DEFINE_string('a', 'b', 'c')\n"}, {"tf_flags"}),
        ({"a.py": "from metaflow import FlowSpec, Parameter\n"}, {"metaflow_parameters"}),
        ({"a.py": "from pydantic_settings import BaseSettings\n"}, {"pydantic"}),
        ({"a.py": "from pydantic import BaseModel\n"}, {"hardcoded"}),
        ({"a.py": "import config\n", "config.py": "A = 1\nB = 2\nC = 3\nD = 4\nE = 5\n"}, {"python_module"}),
        ({"train.lua": "cmd = torch.CmdLine()\n"}, {"torch_cmdline"}),
        ({"README.md": "Configured by hydra and argparse."}, set()),
    ],
)
def test_styles_of(tmp_path, files, expected):
    assert styles(tmp_path, files) == expected


def test_kedros_own_command_line_is_not_a_style(tmp_path):
    files = {"src/p/cli.py": "import click\n", "conf/base/catalog.yml": "a: 1\n"}
    assert styles(tmp_path, files, orchestrators=("kedro",)) == {"kedro_conf", "yaml"}


def test_the_client_of_a_language_model_reads_its_key_from_the_environment(tmp_path):
    assert styles(tmp_path, {"a.py": "x = 1\n", ".env.example": "OPENAI_API_KEY=\n"}, apis=True) == {"env"}
