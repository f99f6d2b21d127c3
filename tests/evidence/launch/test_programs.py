"""What is read of programs: options, roots of imports, endless loops, what a run asks for."""

import pytest

from tasks.evidence.launch import collect


def program(snapshot, file="train.py"):
    return next(p for p in collect(snapshot).programs if p.file == file)


def test_options_of_argparse_click_and_absl_are_told(snapshot):
    source = (
        "import argparse, click\nfrom absl import flags\np = argparse.ArgumentParser()\n"
        "p.add_argument('data')\np.add_argument('-e', '--epochs', type=int, default=3)\np.add_argument('--mode', choices=['a', 'b'], required=True)\n"
        "flags.DEFINE_integer('steps', 10, 'help')\n@click.command()\n@click.option('--out', required=True)\ndef main(out):\n    pass\nmain()\n"
    )
    told = [(o.flag, o.default, o.required, o.choices) for o in program(snapshot(train_py=source)).options]
    assert ("data", None, True, ()) in told and ("--epochs", "3", False, ()) in told
    assert ("--mode", None, True, ("a", "b")) in told and ("--steps", "10", False, ()) in told and ("--out", None, True, ()) in told


def test_only_positions_read_whatever_happens_are_demanded(snapshot):
    assert program(snapshot(train_py="import sys\nx = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5\nprint(x)\n")).positions == 0
    assert program(snapshot(train_py="import sys\nprint(sys.argv[1], sys.argv[2])\n")).positions == 2


def test_folders_of_imports_leave_out_the_programs_own(snapshot):
    files = {
        "a/train.py": "import near\nfrom pkg.core import f\nf()\n",
        "a/near.py": "",
        "src/pkg/__init__.py": "",
        "src/pkg/core.py": "def f(): pass\n",
    }
    assert program(snapshot(**files), "a/train.py").roots == ("src",)


@pytest.mark.parametrize(("value", "endless"), [("None", True), ("-1", True), ("100", False)])
def test_a_loop_that_only_a_setting_ends_is_endless_when_the_setting_says_never(snapshot, value, endless):
    source = f"import sys\nmax_steps = {value}\nn = 0\nwhile True:\n    n += 1\n    if n == max_steps:\n        break\n"
    assert bool(program(snapshot(train_py=source)).endless) is endless


@pytest.mark.parametrize(("default", "endless"), [("-1", True), ("None", True), ("100", False)])
def test_an_argument_that_says_never_leaves_a_loop_endless(snapshot, default, endless):
    source = (
        "import argparse\np = argparse.ArgumentParser()\n"
        f"p.add_argument('--max-steps', type=int, default={default})\na = p.parse_args()\nn = 0\n"
        "while True:\n    n += 1\n    if a.max_steps >= 0 and n >= a.max_steps:\n        break\n"
    )
    assert [e.option for e in program(snapshot(train_py=source)).endless] == (["max_steps"] if endless else [])


def test_a_setting_without_an_endless_loop_is_none(snapshot):
    assert program(snapshot(train_py="max_epochs = None\nfit(max_epochs)\n")).endless == ()


def test_a_download_is_told_where_a_run_comes_by_and_not_elsewhere(snapshot):
    source = "from sklearn.datasets import fetch_openml\ndef used():\n    fetch_openml('a')\ndef unused():\n    import seaborn\n    seaborn.load_dataset('b')\nused()\n"
    needs = program(snapshot(train_py=source)).needs
    assert [(n.kind, n.place.line, n.certain) for n in needs] == [("download", 3, True)]


@pytest.mark.parametrize(
    "call",
    [
        "from datasets import load_dataset\nload_dataset('csv', data_files='a.csv')\n",
        "import torchvision\ntorchvision.datasets.MNIST('.', download=False)\n",
        "from transformers import AutoModel\nAutoModel.from_pretrained('./models/mine')\n",
    ],
)
def test_a_loader_of_what_is_here_is_no_download(snapshot, call):
    assert program(snapshot(**{"train.py": call, "models/mine/config.json": "{}"})).needs == ()


def test_what_a_default_configuration_instantiates_counts(snapshot):
    files = {
        "train.py": "import hydra\n@hydra.main(config_path='conf', config_name='train')\ndef main(cfg):\n    hydra.utils.instantiate(cfg.data)\nif __name__ == '__main__':\n    main()\n",
        "conf/train.yaml": "defaults:\n  - data: digits\n",
        "conf/data/digits.yaml": "_target_: own.digits.Digits\n",
        "conf/data/other.yaml": "_target_: own.other.Other\n",
        "own/__init__.py": "",
        "own/digits.py": "from torchvision.datasets import MNIST\nclass Digits:\n    def setup(self):\n        MNIST('.', download=True)\n",
        "own/other.py": "import seaborn\nclass Other:\n    def setup(self):\n        seaborn.load_dataset('x')\n",
    }
    assert [n.what for n in program(snapshot(**files)).needs] == ["torchvision data"]
