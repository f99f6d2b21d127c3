"""Trackers that run when training runs as documented, and those that are switched off."""

import pytest

from tasks.evidence.mlops.tracking import find_trackers


def trackers(repository, code, **files):
    found = find_trackers(repository({"train.py": code, **files}))
    return {t.name: t.optional for t in found}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("mlflow", "import mlflow\nwith mlflow.start_run():\n    mlflow.log_metric('a', 1)\n"),
        ("mlflow", "import mlflow.sklearn\nmlflow.sklearn.autolog()\n"),
        ("mlflow", "from mlflow import log_metric\nlog_metric('a', 1)\n"),
        ("mlflow", "from pytorch_lightning.loggers import MLFlowLogger\nlogger = MLFlowLogger()\n"),
        ("mlflow", "from ray.air.integrations.mlflow import MLflowLoggerCallback\nc = MLflowLoggerCallback()\n"),
        ("wandb", "import wandb\nwandb.init(project='a')\n"),
        ("wandb", "from lightning.pytorch.loggers import WandbLogger\nl = WandbLogger()\n"),
        ("wandb", "from wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback()])\n"),
        ("wandb", "from transformers import TrainingArguments\na = TrainingArguments(report_to='wandb')\n"),
        ("mlflow", "from pycaret.classification import setup\nsetup(df, target='y', log_experiment=True)\n"),
        ("tensorboard", "from torch.utils.tensorboard import SummaryWriter\nw = SummaryWriter()\n"),
        ("tensorboard", "from tensorboardX import SummaryWriter\nw = SummaryWriter()\n"),
        ("tensorboard", "import tensorflow as tf\ncb = tf.keras.callbacks.TensorBoard(log_dir='x')\n"),
        ("tensorboard", "import tensorflow as tf\nw = tf.summary.create_file_writer('x')\n"),
        ("tensorboard", "import pytorch_lightning as pl\nl = pl.loggers.TensorBoardLogger('x')\n"),
        ("comet", "from comet_ml import Experiment\ne = Experiment()\n"),
        ("neptune", "import neptune\nr = neptune.init_run()\n"),
        ("neptune", "import neptune.new as neptune\nr = neptune.init()\n"),
        ("clearml", "from clearml import Task\nt = Task.init()\n"),
        ("aim", "from aim import Run\nr = Run()\n"),
        ("dvclive", "from dvclive import Live\nwith Live() as live:\n    live.log_metric('a', 1)\n"),
        ("azureml", "from azureml.core.run import Run\nrun = Run.get_context()\nrun.log('a', 1)\n"),
        ("metaflow", "from metaflow import FlowSpec, step\nclass A(FlowSpec):\n    @step\n    def start(self): pass\n"),
        ("sacred", "from sacred import Experiment\nex = Experiment()\n"),
        ("clu_metric_writers", "from clu import metric_writers\nw = metric_writers.create_default_writer('x')\n"),
    ],
)
def test_tracker_in_use_is_found(repository, name, code):
    assert trackers(repository, code) == {name: False}


@pytest.mark.parametrize(
    "code",
    [
        "import mlflow\nmodel = mlflow.pyfunc.load_model('m')\n",
        "import wandb\nif wandb.run:\n    wandb.finish()\n",
        "import torch\nmodel.log('a', 1)\n",
        "# import mlflow\n# mlflow.start_run()\ntext = 'wandb.init()'\n",
        "from skimage.filters import Run\nRun()\n",
    ],
)
def test_import_word_or_loading_is_no_tracking(repository, code):
    assert trackers(repository, code) == {}


def test_use_in_tests_only_is_no_tracking(repository):
    assert trackers(repository, "", **{"tests/test_a.py": "import mlflow\nmlflow.start_run()\n"}) == {}


INIT = "import argparse, wandb\np = argparse.ArgumentParser()\n{}\nargs = p.parse_args()\n{}\n    wandb.init()\n"


@pytest.mark.parametrize(
    ("option", "guard", "optional"),
    [
        ("p.add_argument('--wandb', action='store_true')", "if args.wandb:", True),
        ("p.add_argument('--use-wandb', default=True, type=bool)", "if args.use_wandb:", False),
        ("p.add_argument('--no_wandb', action='store_true')", "if not args.no_wandb:", False),
        ("p.add_argument('--disable-log', action='store_true')", "if not args.disable_log:", False),
        ("p.add_argument('--logger', default='tensorboard')", "if args.logger == 'wandb':", True),
        ("p.add_argument('--logger', default='wandb')", "if args.logger == 'wandb':", False),
        ("p.add_argument('--project')", "if args.project is not None:", True),
        ("p.add_argument('--rank', default=0)", "if args.rank == 0:", False),
        ("wandb_log = False", "if wandb_log:", True),
        ("wandb_log = True", "if wandb_log and True:", False),
        ("x = 1", "if x % 10 == 0:", False),
        ("x = 1", "if step % 10:", False),
    ],
)
def test_flag_decides_whether_a_tracker_is_optional(repository, option, guard, optional):
    assert trackers(repository, INIT.format(option, guard)) == {"wandb": optional}


def test_flag_of_a_configuration_file_decides(repository):
    code = "import wandb\ndef main(cfg):\n    if cfg.train.use_wandb:\n        wandb.init()\n"
    assert trackers(repository, code, **{"conf/config.yaml": "train:\n  use_wandb: false\n"}) == {"wandb": True}


@pytest.mark.parametrize(("requirements", "optional"), [("torch\n", True), ("wandb==0.16\n", False)])
def test_tracker_used_only_when_installed_counts_when_it_is_required(repository, requirements, optional):
    code = "try:\n    import wandb\nexcept ImportError:\n    wandb = None\nif wandb:\n    wandb.init()\n"
    assert trackers(repository, code, **{"requirements.txt": requirements}) == {"wandb": optional}


def test_function_called_only_under_a_flag_is_optional(repository):
    code = "import wandb\nUSE_WANDB = False\ndef setup():\n    wandb.init()\nif USE_WANDB:\n    setup()\n"
    (tracker,) = find_trackers(repository({"train.py": code}))
    assert (tracker.optional, tracker.reason) == (True, "`USE_WANDB` is False by default")


def test_disabled_mode_is_optional(repository):
    assert trackers(repository, "import wandb\nwandb.init(mode='disabled')\n") == {"wandb": True}


@pytest.mark.parametrize(
    ("text", "found"),
    [("report_to: wandb\n", {"wandb": False}), ("report_to:\n  - mlflow\n", {"mlflow": False}), ("report_to: none\n", {})],
)
def test_trainer_of_a_configuration_reports_to_its_tracker(repository, text, found):
    assert trackers(repository, "", **{"configs/sft.yaml": text}) == found


LOGGER = "wandb:\n  _target_: lightning.pytorch.loggers.wandb.WandbLogger\n"


@pytest.mark.parametrize(("choice", "optional"), [("null", True), ("wandb", False), ("many", False), ("csv", True)])
def test_logger_of_a_configuration_runs_when_the_main_configuration_chooses_it(repository, choice, optional):
    files = {
        "configs/train.yaml": f"defaults:\n  - _self_\n  - logger: {choice}\n",
        "configs/logger/wandb.yaml": LOGGER,
        "configs/logger/many.yaml": "defaults:\n  - csv\n  - wandb\n",
        "configs/experiment/a.yaml": "defaults:\n  - override /logger: wandb\n",
    }
    assert trackers(repository, "", **files) == {"wandb": optional}


def test_logged_things_are_told(repository):
    code = "import mlflow\nwith mlflow.start_run():\n    mlflow.log_param('a', 1)\n    mlflow.log_metrics({})\n    mlflow.sklearn.log_model(m, 'm')\n"
    (tracker,) = find_trackers(repository({"train.py": code}))
    assert tracker.logs == ("parameters", "metrics", "artifacts")
    assert (tracker.places[0].file, tracker.places[0].line) == ("train.py", 2)


@pytest.mark.parametrize(("default", "optional"), [("len(project) > 0", True), ("True", False)])
def test_a_tracker_chosen_by_a_condition_is_on_when_the_condition_is(repository, default, optional):
    code = f"import transformers\nuse_wandb = {default}\ntransformers.TrainingArguments(report_to='wandb' if use_wandb else None)\n"
    assert {t.name: t.optional for t in find_trackers(repository({"train.py": code}))} == {"wandb": optional}


def test_metrics_that_are_assigned_to_a_live_summary_are_recorded(repository):
    code = "from dvclive import Live\nwith Live('eval') as live:\n    live.summary['auc'] = 1\n    live.log_image('a.png', f)\n"
    (tracker,) = find_trackers(repository({"evaluate.py": code}))
    assert set(tracker.logs) == {"parameters", "metrics", "artifacts"}


@pytest.mark.parametrize(
    "text",
    ["defaults: 3\n", "- defaults:\n", "defaults:\n  - [a]\n  - {b: {c: d}}\n", "defaults: &d\n  - *d\n", "_target_: [a.WandbLogger]\n"],
)
def test_odd_configuration_is_no_exception(repository, text):
    assert trackers(repository, "", **{"configs/logger/a.yaml": text}) in ({}, {"wandb": True})
