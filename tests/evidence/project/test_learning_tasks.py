"""What models are for, told by estimators, losses, metrics, data sets and targets, not by prose."""

import pytest

from tasks.evidence.project import collect
from tasks.evidence.snapshot import Snapshot

SKLEARN = "from sklearn.linear_model import LogisticRegression\nm = LogisticRegression()\nm.fit(X, y)\n"
TORCH = "import torch\nfrom torch import nn, optim\nopt = optim.Adam(net.parameters())\nloss.backward()\nopt.step()\n"


def tasks(folder, files):
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return set(collect(Snapshot.of_folder(folder)).tasks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from sklearn.linear_model import Ridge\nm = Ridge()\nm.fit(X, y)\n", {"regression"}),
        (SKLEARN, {"binary_classification"}),
        (SKLEARN + "from sklearn.datasets import load_iris\nd = load_iris()\n", {"multiclass_classification"}),
        (SKLEARN + "from sklearn.metrics import f1_score\nf1_score(y, p, average='macro')\n", {"multiclass_classification"}),
        (SKLEARN + "t = 'Survived'\nobjective = 'multiclass'\n", {"binary_classification"}),
        (SKLEARN + "from sklearn.feature_extraction.text import TfidfVectorizer\nv = TfidfVectorizer()\n", {"text_classification"}),
        ("from sklearn.cluster import KMeans\nm = KMeans(3)\nm.fit(X)\n", {"clustering"}),
        ("from sklearn.ensemble import IsolationForest\nm = IsolationForest()\nm.fit(X)\n", {"anomaly_detection"}),
        (TORCH + "from torchvision.datasets import MNIST\nd = MNIST('.')\nloss = nn.CrossEntropyLoss()\n", {"image_classification"}),
        (TORCH + "from transformers import GPT2LMHeadModel\nm = GPT2LMHeadModel(c)\n", {"language_modeling"}),
        (
            TORCH
            + "from transformers import AutoModelForSequenceClassification as A\nm = A.from_pretrained(n)\nl = nn.CrossEntropyLoss()\n",
            {"text_classification"},
        ),
        (TORCH + "class UNet(nn.Module):\n    pass\nl = nn.CrossEntropyLoss()\n", {"image_segmentation"}),
        (TORCH + "from torch_geometric.nn import GCNConv\nc = GCNConv(1, 2)\nl = nn.functional.nll_loss(o, y)\n", {"node_classification"}),
        (TORCH + "import gymnasium as gym\ne = gym.make('CartPole-v1')\n", {"reinforcement_learning"}),
        ("from prophet import Prophet\nm = Prophet()\nm.fit(df)\n", {"time_series_forecasting"}),
        ("from surprise import SVD\nm = SVD()\nm.fit(trainset)\n", {"recommendation"}),
        (
            "import tensorflow as tf\nm = tf.keras.Sequential([tf.keras.layers.Flatten(input_shape=(28, 28))])\nm.compile(loss="
            "'sparse_categorical_crossentropy')\nm.fit(x, y, epochs=2)\n",
            {"image_classification"},
        ),
        (
            "import tensorflow as tf\nm = tf.keras.layers.LSTM(8, input_shape=(60, 14))\nm.compile(loss='binary_crossentropy')\n"
            "m.fit(x, y, epochs=2)\n",
            {"binary_classification"},
        ),
        (
            TORCH
            + "import gym\nfrom torch.nn import Conv2d, MSELoss\nfrom torchvision.models import resnet18\nl = MSELoss()\nx = Conv2d(1, 2)\n",
            {"reinforcement_learning"},
        ),
        (TORCH + "class ConvVAE:\n    pass\nl = nn.MSELoss()\n", {"image_generation"}),
        (TORCH + "def adjust_anomaly_scores(s):\n    return s\n", {"anomaly_detection"}),
        (SKLEARN + "label = 'emotion'\n", {"multiclass_classification"}),
        (TORCH + "p.add_argument('--pred_len')\nclass TimeFeatures:\n    pass\nl = nn.MSELoss()\n", {"time_series_forecasting"}),
        (TORCH + "class TextCNN:\n    pass\nl = nn.CrossEntropyLoss()\n", {"text_classification"}),
        (TORCH + "p.add_argument('--data', default='data/tinyshakespeare')\n", {"language_modeling"}),
        ("from fastai.vision.all import *\nlearn = unet_learner(dls, resnet34)\nlearn.fine_tune(3)\n", {"image_segmentation"}),
        ("from openai import OpenAI\nOpenAI().responses.create(model='m')\n", {"llm_application"}),
        ("import requests\n", set()),
    ],
)
def test_task_of(tmp_path, text, expected):
    assert tasks(tmp_path, {"train.py": text}) == expected


@pytest.mark.parametrize(("values", "expected"), [("abab", "binary_classification"), ("abca", "multiclass_classification")])
def test_the_targets_column_settles_two_classes_or_many(tmp_path, values, expected):
    rows = "".join(f"{n},{v}\n" for n, v in enumerate(values))
    assert tasks(tmp_path, {"train.py": SKLEARN + "y = df['kind']\n", "data/t.csv": "x,kind\n" + rows}) == {expected}


def test_lessons_of_a_course_are_asked_each_for_itself(tmp_path):
    text = SKLEARN + "from sklearn.feature_extraction.text import CountVectorizer\nv = CountVectorizer()\n"
    files = {
        "week_1/a.py": SKLEARN,
        "week_2/b.py": text,
        "week_3/c.py": "from sklearn.linear_model import Lasso\nm = Lasso()\nm.fit(X, y)\n",
    }
    assert tasks(tmp_path, files) == {"binary_classification", "text_classification", "regression"}


def test_a_language_model_api_beside_training_is_no_task_of_its_own(tmp_path):
    assert tasks(tmp_path, {"train.py": SKLEARN, "label.py": "import openai\n"}) == {"binary_classification"}


def test_an_estimator_that_is_imported_and_never_used_is_no_task(tmp_path):
    text = SKLEARN + "from sklearn.linear_model import Ridge, Lasso\nfrom sklearn.svm import SVR as Unused\n"
    assert tasks(tmp_path / "a", {"run.py": text}) == {"binary_classification"}
    assert tasks(tmp_path / "b", {"run.py": text + "models = [Ridge, Lasso]\n"}) == {"regression", "binary_classification"}


def test_a_report_with_recommendations_is_no_recommender(tmp_path):
    advice = "\ndef get_recommendations(report):\n    pass\n"
    assert tasks(tmp_path / "a", {"run.py": SKLEARN + advice}) == {"binary_classification"}
    assert "recommendation" in tasks(tmp_path / "b", {"recommender.py": SKLEARN + advice})


def test_words_in_sentences_do_not_settle_two_classes_or_many(tmp_path):
    assert tasks(tmp_path / "a", {"run.py": SKLEARN + "print('must hold nothing but 64 hex digits')\n"}) == {"binary_classification"}
    assert tasks(tmp_path / "b", {"run.py": SKLEARN + "name = 'handwritten digits'\n"}) == {"multiclass_classification"}


def test_a_package_called_gpt_2_is_a_language_model(tmp_path):
    assert tasks(tmp_path, {"gpt_2_box/model.py": TORCH + "l = nn.CrossEntropyLoss()\n"}) == {"language_modeling"}


def test_asking_a_language_model_is_the_task_where_nothing_is_trained(tmp_path):
    assert tasks(tmp_path, {"app.py": "import openai\nimport tiktoken\n\ndef language_model():\n    pass\n"}) == {"llm_application"}


def test_prose_tells_no_task(tmp_path):
    assert tasks(tmp_path, {"train.py": SKLEARN, "README.md": "Object detection, regression and clustering with YOLO."}) == {
        "binary_classification"
    }


def test_settings_files_tell_the_objective(tmp_path):
    code = "import lightgbm as lgb\nm = lgb.train(params, d)\n"
    assert tasks(tmp_path, {"run.py": code, "configs/default.json": '{\n  "objective": "reg:squarederror"\n}'}) == {"regression"}


def test_without_any_sign_no_task_is_guessed(tmp_path):
    assert tasks(tmp_path, {"run.py": "import lightgbm as lgb\nm = lgb.train(params, d)\n"}) == set()


def test_the_repositorys_name_says_the_task_where_code_leaves_it_open(tmp_path):
    assert tasks(tmp_path / "Time-Series-LSTM", {"run.py": TORCH + "l = nn.MSELoss()\n"}) == {"time_series_forecasting"}


def test_well_known_targets_in_r_settle_two_classes(tmp_path):
    text = "library(rpart)\nfit <- rpart(Survived ~ Sex, data = train, method = 'class')\np <- predict(fit, test, type = 'class')\n"
    assert tasks(tmp_path, {"a.R": text}) == {"binary_classification"}


def test_users_and_items_in_a_model_called_rec_are_recommendation(tmp_path):
    text = (
        TORCH
        + "class SASRec:\n    def __init__(self, usernum, itemnum, args):\n        pass\n\ndef sample(user_num, item_num):\n    pass\n"
    )
    assert tasks(tmp_path, {"main.py": text}) == {"recommendation"}


def test_a_class_that_is_only_asked_for_a_pretrained_model_tells_the_task(tmp_path):
    text = "import transformers\nfrom rouge_score import rouge_scorer\nm = transformers.AutoModelForCausalLM.from_pretrained(n)\n"
    assert tasks(tmp_path, {"train.py": text + "t = transformers.Trainer(model=m)\nt.train()\n"}) == {"language_modeling"}


def test_libraries_in_the_tests_of_something_else_are_no_task(tmp_path):
    assert tasks(tmp_path, {"tests/test_openai.py": "import openai\n", "patch.py": "import os\n"}) == set()


def test_an_app_that_only_asks_an_image_model_has_its_task(tmp_path):
    text = "from flask import Flask, request\nfrom keras.applications.mobilenet_v2 import MobileNetV2, decode_predictions\napp = Flask(__name__)\n"
    text += "model = MobileNetV2(weights='imagenet')\n\n@app.route('/predict')\ndef predict():\n    return decode_predictions(model.predict(x))\n"
    assert tasks(tmp_path, {"app.py": text}) == {"image_classification"}
