"""Models put under a name and a version: only where code really does it."""

import pytest

from tasks.evidence.mlops.registry import find_registrations
from tasks.evidence.mlops.tracking import find_trackers


def registries(snapshot):
    return [r.registry for r in find_registrations(snapshot, find_trackers(snapshot))]


@pytest.mark.parametrize(
    ("registry", "code"),
    [
        ("mlflow", "import mlflow\nmlflow.sklearn.log_model(m, 'm', registered_model_name='churn')\n"),
        ("mlflow", "import mlflow\nmlflow.register_model('runs:/a/m', 'churn')\n"),
        ("mlflow", "from mlflow.tracking import MlflowClient\nc = MlflowClient()\nc.create_model_version('churn', 's')\n"),
        ("azureml", "from azureml.core.model import Model\nModel.register(ws, 'm.pkl', 'churn')\n"),
        ("azureml", "from azureml.core import Run\nrun = Run.get_context()\nrun.register_model('churn')\n"),
        ("azureml", "from azure.ai.ml import MLClient\nml_client = MLClient()\nml_client.models.create_or_update(m)\n"),
        ("wandb", "import wandb\na = wandb.Artifact('m', type='model')\n"),
        ("wandb", "import wandb\nrun = wandb.init()\nrun.link_model('m.pt', 'churn')\n"),
        ("huggingface", "from transformers import AutoModel\nm = AutoModel.from_pretrained('a')\nm.push_to_hub('me/m')\n"),
        ("sagemaker", "from sagemaker.workflow.step_collections import RegisterModel\ns = RegisterModel(name='a')\n"),
        ("vertex_ai", "from google.cloud import aiplatform\naiplatform.Model.upload(display_name='a')\n"),
        ("bentoml", "import bentoml\nbentoml.sklearn.save_model('a', m)\n"),
        ("clearml", "from clearml import OutputModel\nOutputModel(task=t)\n"),
    ],
)
def test_registration_is_found(repository, registry, code):
    assert registries(repository({"train.py": code})) == [registry]


@pytest.mark.parametrize(
    "code",
    [
        "import mlflow\nmlflow.sklearn.log_model(m, 'm')\n",
        "import mlflow\nmlflow.sklearn.log_model(m, 'm', registered_model_name=None)\n",
        "import mlflow\nm = mlflow.pyfunc.load_model('models:/churn/1')\n",
        "from django.contrib import admin\nadmin.site.register(Model)\n",
        "import wandb\na = wandb.Artifact('d', type='dataset')\n",
        "import argparse\nfrom transformers import Trainer\np.add_argument('--push_to_hub', action='store_true')\nif args.push_to_hub:\n    t.push_to_hub()\n",
    ],
)
def test_saving_loading_and_switched_off_uploads_are_none(repository, code):
    assert registries(repository({"train.py": code})) == []


def test_registration_in_a_test_is_none(repository):
    assert registries(repository({"tests/test_a.py": "import mlflow\nmlflow.register_model('a', 'b')\n"})) == []


@pytest.mark.parametrize(
    ("path", "line", "found"),
    [
        (".github/workflows/a.yml", "      run: az ml model create --name churn", ["azureml"]),
        ("register.sh", "aws sagemaker create-model-package --x y", ["sagemaker"]),
        ("register.sh", "# az ml model create --name churn", []),
        ("README.md", "az ml model create --name churn", []),
    ],
)
def test_registration_by_a_command_line_tool_is_found_in_scripts_only(repository, path, line, found):
    assert registries(repository({path: f"{line}\n"})) == found
