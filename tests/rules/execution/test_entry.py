"""From commands to argument lists that run in the container."""

import pytest

from tasks.errors import SettingError
from tasks.evidence.launch import collect
from tasks.evidence.launch.facts import LaunchFacts
from tasks.evidence.project.facts import Entrypoint
from tasks.evidence.snapshot import Manifest, Snapshot
from tasks.rules.execution.entry import step_of, step_of_user
from tasks.rules.execution.tree import Tree
from tests.repositories import write_files

FIT = "from sklearn.linear_model import Ridge\nif __name__ == '__main__':\n    Ridge().fit([[1]], [1])\n"


@pytest.fixture
def step(tmp_path):
    """The step of a command in a repository of some files, as the analysis or (`user=True`) a person gives it."""

    def make(files, command, file="", user=False):
        write_files(tmp_path, files)
        snapshot = Snapshot.of_folder(tmp_path)
        launch, tree = collect(snapshot), Tree(snapshot.manifest)
        if user:
            return step_of_user(command, launch, tree, ())
        return step_of(Entrypoint(file=file or "train.py", command=command, confidence=0.8), launch, tree)

    return make


def test_a_script_starts_in_the_root(step):
    made = step({"src/train.py": FIT}, "python src/train.py --epochs 2")
    assert made.command == ("python", "src/train.py", "--epochs", "2")
    assert made.workdir == "." and made.kind == "script"


def test_a_script_starts_where_its_paths_lead_to_files(step):
    files = {"apps/train.py": "import pandas\npandas.read_csv('../data/rows.csv')\n" + FIT, "data/rows.csv": "a,b\n1,2\n"}
    made = step(files, "python apps/train.py")
    assert (made.workdir, made.command) == ("apps", ("python", "train.py"))


def test_own_packages_are_found_from_wherever_the_script_is(step):
    made = step({"projects/add/run.py": "from core.model import fit\nfit()\n", "core/model.py": "def fit(): pass\n", "core/__init__.py": ""},
                "python projects/add/run.py")  # fmt: skip
    assert made.env["PYTHONPATH"] == "/work/repo"


def test_neighbours_imported_with_a_dot_make_it_a_module(step):
    made = step(
        {"src/pkg/__init__.py": "", "src/pkg/net.py": "A = 1\n", "src/pkg/train.py": "from .net import A\n" + FIT},
        "python src/pkg/train.py",
    )
    assert made.command == ("python", "-m", "pkg.train") and made.env["PYTHONPATH"].startswith("/work/repo/src")


def test_a_notebook_goes_through_the_runner_in_its_own_folder(step):
    cell = '{"cells": [{"cell_type": "code", "source": ["import pandas\\n", "pandas.DataFrame()"], "outputs": [], "metadata": {}, "execution_count": 1}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}'
    made = step({"nb/my model.ipynb": cell}, 'jupyter nbconvert --to notebook --execute "nb/my model.ipynb"')
    assert made.command == ("python", "/opt/axiom/run_notebook.py", "my model.ipynb")
    assert made.workdir == "nb" and made.kind == "notebook"


def test_a_make_target_is_its_lines_without_installation(step):
    makefile = (
        "PY = python3\nSCRIPT = train.py\ndata:\n\t$(PY) get.py\ntrain: data\n\t@pip install -r requirements.txt\n\t@$(PY) $(SCRIPT)\n"
    )
    made = step({"Makefile": makefile, "train.py": FIT, "get.py": "print(1)\n"}, "make train", "Makefile")
    assert made.command == ("sh", "-ec", "python3 get.py\npython3 train.py") and made.kind == "make"


def test_dvc_stages_run_in_the_order_of_their_needs_with_parameters(step):
    stages = (
        "stages:\n  train:\n    cmd: python train.py ${train.lr}\n    deps: [data/clean.csv]\n    outs: [model.pkl]\n"
        "  clean:\n    cmd: python clean.py\n    deps: [data/raw.csv]\n    outs: [data/clean.csv]\n"
    )
    made = step(
        {"dvc.yaml": stages, "params.yaml": "train:\n  lr: 0.1\n", "train.py": FIT, "clean.py": "print(1)\n"}, "dvc repro", "dvc.yaml"
    )
    assert made.command == ("sh", "-ec", "python clean.py\npython train.py 0.1")


def test_an_mlproject_runs_with_the_defaults_it_declares(step):
    project = "entry_points:\n  main:\n    parameters:\n      alpha: {type: float, default: 0.5}\n    command: python train.py {alpha}\n"
    made = step({"MLproject": project, "train.py": FIT}, "mlflow run .", "MLproject")
    assert made.command[-1] == "python train.py 0.5"


def test_a_script_gets_the_values_with_which_an_mlproject_runs_it(step):
    project = "entry_points:\n  main:\n    parameters:\n      alpha: {type: float, default: 0.5}\n    command: python train.py {alpha}\n"
    assert step({"MLproject": project, "train.py": FIT}, "python train.py").command == ("python", "train.py", "0.5")


def test_an_mlproject_with_a_parameter_nobody_gave_is_no_step(step):
    project = "entry_points:\n  main:\n    parameters:\n      data: path\n    command: python train.py {data}\n"
    assert step({"MLproject": project, "train.py": FIT}, "mlflow run .", "MLproject") is None


def test_a_console_command_is_called_without_installing(step):
    files = {
        "pyproject.toml": '[project]\nname = "x"\nscripts = {fit = "pkg.cli:main"}\n',
        "src/pkg/__init__.py": "",
        "src/pkg/cli.py": "def main():\n    pass\n",
    }
    made = step(files, "fit conf.yaml", "src/pkg/cli.py")
    assert made.command[:2] == ("python", "-c") and "from pkg.cli import main" in made.command[2] and made.command[3:] == ("conf.yaml",)
    assert made.env["PYTHONPATH"].split(":")[0] == "/work/repo/src"


def test_a_metaflow_flow_is_run(step):
    flow = "from metaflow import FlowSpec, step\nclass F(FlowSpec):\n    @step\n    def start(self): pass\nif __name__ == '__main__':\n    F()\n"
    assert step({"flow.py": flow}, "python flow.py").command == ("python", "flow.py", "run")


def test_values_left_open_in_documentation_are_not_passed(step):
    assert step({"train.py": FIT}, "python train.py --data $DATA --epochs 3").command == ("python", "train.py", "--epochs", "3")


def test_a_demanded_argument_gets_its_one_obvious_value(step):
    script = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data', required=True)\np.add_argument('--out_dir', required=True)\np.parse_args()\n"
    made = step({"train.py": script, "data/train.csv": "a\n1\n"}, "python train.py")
    assert made.command[2:] == ("--data", "data/train.csv", "--out_dir", "axiom-output")


def test_two_data_files_leave_the_argument_open(step):
    script = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data', required=True)\np.parse_args()\n"
    assert step({"train.py": script, "a.csv": "a\n", "b.csv": "a\n"}, "python train.py").command == ("python", "train.py")


@pytest.mark.parametrize("command", ["Rscript fit.R", "julia fit.jl", "th train.lua"])
def test_another_language_is_no_step(step, command):
    assert step({"fit.R": "lm(y ~ x)\n", "fit.jl": "", "train.lua": ""}, command) is None


def test_the_users_command_is_taken_as_it_is(step):
    made = step({"a/train.py": FIT}, "cd a && python train.py --lr $X", user=True)
    assert made.command == ("python", "train.py", "--lr", "$X") and made.workdir == "a"


def test_a_users_command_without_a_file_names_what_there_is():
    candidates = (Entrypoint(file="src/train.py", command="python src/train.py", confidence=0.9),)
    with pytest.raises(SettingError, match=r"no train\.py") as error:
        step_of_user(
            "python train.py", LaunchFacts(), Tree(Manifest(url="x", name="x", commit=None, commit_date=None, entries=())), candidates
        )
    assert "python src/train.py" in str(error.value.remedy)


@pytest.mark.parametrize(
    "told", ["The python script holds the main program train.py that gets data", "torchrun --nproc_per_node 2 train.py"]
)
def test_where_the_told_command_cannot_be_run_the_file_is(step, told):
    assert step({"train.py": FIT}, told, file="train.py").command[:2] == ("python", "train.py")
