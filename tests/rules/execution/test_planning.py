"""Plans and refusals of small repositories: reasons, bounds, what is passed over."""

from datetime import date

import pytest

from tasks.rules.execution.plan import CannotRun
from tasks.rules.execution.planning import plan_execution
from tasks.rules.execution.request import ExecutionRequest

FIT = "from sklearn.linear_model import Ridge\nimport pandas as pd\n\nd = pd.read_csv('data.csv')\nRidge().fit(d[['x']], d['y'])\n"
DATA = "x,y\n" + "".join(f"{n},{n}\n" for n in range(30))
ENDLESS = """
import sys
from lib.trainer import Trainer
from lib.config import Node
def get_config():
    C = Node()
    C.trainer = Trainer.get_default_config()
    return C
if __name__ == '__main__':
    config = get_config()
    config.merge_from_args(sys.argv[1:])
    Trainer(config.trainer).run()
"""
TRAINER = """
import torch
class Trainer:
    @staticmethod
    def get_default_config():
        C = Node()
        C.max_iters = None
        return C
    def run(self):
        while True:
            loss = self.model(1)
            loss.backward()
            self.optimizer.step()
            if self.config.max_iters is not None and self.n >= self.config.max_iters:
                break
"""


def test_a_script_with_its_data_is_run(plan):
    planned = plan({"train.py": FIT, "data.csv": DATA})
    assert planned.train.command == ("python", "train.py")
    assert [r.name for r in planned.environment.requirements] == ["scikit-learn", "pandas"]
    assert planned.train.bound == ""


def test_a_training_that_only_a_setting_ends_is_bounded_through_its_own_option(plan):
    planned = plan({"run.py": ENDLESS, "lib/trainer.py": TRAINER, "lib/config.py": "class Node: pass\n", "lib/__init__.py": ""})
    assert planned.train.command[-1] == "--trainer.max_iters=600"
    assert "lib/trainer.py:7" in planned.train.bound


@pytest.mark.parametrize(
    ("files", "reason", "said"),
    [
        ({"README.md": "# x\n"}, "nothing_to_train", "README"),
        ({"app.py": "import flask\nflask.Flask('x').run()\n"}, "nothing_to_train", "Nothing to train"),
        ({"train.py": FIT}, "data_missing", "data.csv"),
        ({"fit.R": "library(caret)\nm <- train(y ~ x, data = d, method = 'lm')\nsaveRDS(m, 'm.rds')\n"}, "other_language", "R"),
        (
            {"train.py": FIT.replace("pd.read_csv('data.csv')", "pd.read_csv('https://example.org/data.csv')")},
            "data_missing",
            "https://example.org/data.csv",
        ),
        (
            {"train.py": "from sklearn.datasets import fetch_openml\nfrom sklearn.svm import SVC\nX, y = fetch_openml('iris', return_X_y=True)\nSVC().fit(X, y)\n"},
            "data_missing",
            "no network",
        ),
        (
            {"train.py": "from azureml.core import Run\nrun = Run.get_context()\n" + FIT, "data.csv": DATA},
            "credentials_or_platform",
            "Azure ML",
        ),
        (
            {"train.py": "import psycopg2\nimport pandas as pd\nfrom sklearn.svm import SVC\nc = psycopg2.connect('x')\nd = pd.read_sql('select 1', c)\nSVC().fit(d, d.y)\n"},
            "credentials_or_platform",
            "database",
        ),
        (
            {"train.py": "import cudf\nfrom sklearn.svm import SVC\nd = cudf.read_csv('data.csv')\nSVC().fit(d, d.y)\n", "data.csv": DATA},
            "gpu_or_size",
            "CUDA",
        ),
        (
            {"train.py": "import tensorflow as tf\nmnist = tf.keras.datasets.mnist\n(x, y), _ = mnist.load_data()\nm = tf.keras.Sequential()\nm.fit(x, y)\n"},
            "data_missing",
            "Keras data",
        ),
        (
            {"train.py": "import os\nimport argparse\np = argparse.ArgumentParser()\np.add_argument('--train', default=os.environ.get('SM_CHANNEL_TRAIN'))\na = p.parse_args()\n" + FIT.replace("'data.csv'", "a.train")},
            "credentials_or_platform",
            "SageMaker",
        ),
        (
            {"train.py": "from transformers import LlamaForCausalLM, Trainer\nm = LlamaForCausalLM.from_pretrained('a/b', load_in_8bit=True)\nTrainer(model=m).train()\n"},
            "gpu_or_size",
            "GPU",
        ),
        (
            {
                "train.py": "import feast\nfrom sklearn.svm import SVC\nd = feast.FeatureStore(repo_path='store').get_historical_features()\nSVC().fit(d, d.y)\n",
                "store/feature_store.yaml": "project: a\nprovider: aws\n",
            },
            "credentials_or_platform",
            "aws",
        ),
        (
            {"train.py": "import argparse\np = argparse.ArgumentParser()\np.add_argument('training_data_path')\na = p.parse_args()\n" + FIT.replace("'data.csv'", "a.training_data_path")},
            "data_missing",
            "training_data_path",
        ),
        ({"train.py": FIT.replace("'data.csv'", "'/opt/ml/input/data/' + 'train'")}, "credentials_or_platform", "SageMaker"),
        (
            {
                "train.py": "import argparse\np = argparse.ArgumentParser()\np.add_argument('--input_path', required=True)\na = p.parse_args()\n" + FIT.replace("'data.csv'", "a.input_path"),
                "submit.py": "from google.cloud import aiplatform\naiplatform.init(project='p')\naiplatform.CustomJob().run()\n",
            },
            "credentials_or_platform",
            "Vertex AI",
        ),
        ({"{{ name }}/train.py": FIT, "{{ name }}/data.csv": DATA}, "nothing_to_train", "No command"),
        ({"train.py": "print 'training'\n" + FIT, "data.csv": DATA}, "python_version", "Python 2"),
        ({"train.py": FIT + "from lib import f\nf()\n", "lib.py": "def f():\n    print 'done'\n"}, "python_version", "Python 2"),
        ({"train.py": FIT.replace("data.csv", "data/x.csv"), "data/x.csv.dvc": "outs:\n- path: x.csv\n  md5: a\n"}, "data_missing", "DVC"),
        (
            {"train.py": FIT.replace("'data.csv'", "load()['file']"), "data/Churn_Modelling.csv.dvc": "outs:\n- path: Churn_Modelling.csv\n  md5: a\n"},
            "data_missing",
            "DVC",
        ),
    ],
)  # fmt: skip
def test_what_speaks_against_a_run_has_its_class(plan, files, reason, said):
    refused = plan(files)
    assert isinstance(refused, CannotRun)
    assert (refused.reason, said in refused.detail) == (reason, True)
    assert refused.remedy


def test_with_the_network_a_download_is_no_obstacle(plan):
    script = "from sklearn.datasets import fetch_openml\nfrom sklearn.svm import SVC\nX, y = fetch_openml('iris', return_X_y=True)\nSVC().fit(X, y)\n"
    assert plan({"train.py": script}, network="bridge").train.file == "train.py"


def test_a_download_for_want_of_a_file_that_is_there_is_no_obstacle(plan):
    script = (
        "import os\nfrom urllib.request import urlretrieve\nif not os.path.exists('data.csv'):\n    urlretrieve('https://example.org/a', 'data.csv')\n"
        + FIT
    )
    assert plan({"train.py": script, "data.csv": DATA}).train.file == "train.py"


def test_a_missing_file_that_the_run_does_not_come_to_is_no_obstacle(plan):
    script = FIT + "\ndef predict():\n    return pd.read_csv('new_data.csv')\n"
    assert plan({"train.py": script, "data.csv": DATA}).train.file == "train.py"


@pytest.mark.parametrize(
    "reading",
    [
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data', default='data.csv')\na = p.parse_args()\nif not os.path.exists(a.data):\n    make(a.data)\nd = pd.read_csv(a.data)\n",
        "DATA = 'data.csv'\nd = pd.read_csv(DATA) if os.path.isfile(DATA) else make()\n",
        "from pathlib import Path\nDATA = Path('data.csv')\nif DATA.exists():\n    d = pd.read_csv(DATA)\n",
        "if os.path.exists('data.csv'):\n    d = pd.read_csv('data.csv')\n",
    ],
)
def test_a_missing_file_that_is_looked_for_first_is_no_obstacle(plan, reading):
    script = "import os\nimport pandas as pd\nfrom sklearn.linear_model import Ridge\n" + reading + "Ridge().fit(d[['x']], d['y'])\n"
    assert plan({"train.py": script}).train.file == "train.py"


def test_looking_for_another_file_changes_nothing_for_a_missing_one(plan):
    script = "import os\nif not os.path.exists('model.pkl'):\n    print('new')\n" + FIT
    assert plan({"train.py": script}).reason == "data_missing"


def test_a_gpu_that_is_looked_for_is_no_obstacle(plan):
    script = "import torch\nm = torch.nn.Linear(1, 1)\nif torch.cuda.is_available():\n    m.cuda()\no = torch.optim.SGD(m.parameters())\nfor e in range(3):\n    l = m(torch.ones(1, 1)).sum()\n    l.backward()\n    o.step()\n"
    assert plan({"train.py": script}).train.file == "train.py"


def test_a_part_of_a_training_that_cannot_run_is_not_run_in_its_place(plan):
    main = "from steps.get import get\nfrom steps.fit import fit\nget()\nfit()\n"
    get = "from urllib.request import urlretrieve\ndef get():\n    urlretrieve('https://example.org/a.csv', 'a.csv')\n"
    fit = "from sklearn.svm import SVC\ndef fit():\n    SVC().fit([[1], [2]], [0, 1])\nif __name__ == '__main__':\n    fit()\n"
    refused = plan({"main.py": main, "steps/get.py": get, "steps/fit.py": fit, "steps/__init__.py": ""})
    assert isinstance(refused, CannotRun) and refused.reason == "data_missing"


def test_the_users_command_is_run_whatever_the_analysis_thinks(plan):
    assert plan({"train.py": FIT}, entrypoint="python train.py").train.reasons == ("chosen by the user",)


@pytest.mark.parametrize(("more", "runs"), [({"data.csv": DATA}, True), ({}, False)])
def test_a_notebook_that_mounts_a_drive_is_run_where_its_data_is_here(plan, more, runs):
    cell = "from google.colab import drive\ndrive.mount('/content/drive')\n" + FIT.replace("data.csv", "drive/My Drive/data.csv")
    planned = plan({"train.py": cell} | more)
    assert (planned.train.file == "train.py") if runs else (planned.reason == "data_missing")


def test_of_several_data_files_the_one_that_is_not_put_aside_is_given(plan):
    script = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--training_data', required=True)\na = p.parse_args()\n"
    files = {"train.py": script + FIT.replace("'data.csv'", "a.training_data"), "data/rows.csv": DATA, "data/rows-prod.csv": DATA}
    assert plan(files | {"archive/rows.csv": DATA}).train.command == ("python", "train.py", "--training_data", "data/rows.csv")


def test_a_data_file_spelt_otherwise_is_no_obstacle(plan):
    assert plan({"train.py": FIT.replace("data.csv", "crop-rows.csv"), "data/Crop_Rows.csv": DATA}).train.file == "train.py"


@pytest.mark.parametrize("what", ["last change of train.py", "date of the commit: the history could not be read"])
def test_the_plan_says_which_day_its_versions_are_of(read, what):
    """A day that is not the entry's own is never passed off as it."""
    snapshot, evidence = read({"train.py": "from sklearn.svm import SVC\nSVC().fit([[1], [2]], [0, 1])\n"})
    planned = plan_execution(evidence, snapshot.manifest, ExecutionRequest(), lambda file: (date(2024, 1, 1), what))
    assert (planned.environment.as_of, planned.environment.as_of_reason) == (date(2024, 1, 1), what)
