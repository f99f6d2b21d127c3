from __future__ import annotations

from pathlib import Path

import pytest

from tasks.evidence.project.fitting import CERTAIN, find_fits
from tasks.evidence.snapshot import Snapshot


def fits(tmp_path: Path, text: str, name: str = "code.py"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return find_fits(Snapshot.of_folder(tmp_path))


def certain(tmp_path: Path, text: str, name: str = "code.py") -> bool:
    return any(f.strength >= CERTAIN for f in fits(tmp_path, text, name))


@pytest.mark.parametrize(
    "text",
    [
        "from sklearn.linear_model import Ridge\nm = Ridge()\nm.fit(X, y)\n",
        "from sklearn.pipeline import make_pipeline\np = make_pipeline(a, b)\np.fit(X, y)\n",
        "import torch\nloss.backward()\noptimizer.step()\n",
        "from transformers import Trainer\nt = Trainer(model=m)\nt.train()\n",
        "import xgboost as xgb\nxgb.train(params, dtrain)\n",
        "from keras.models import Sequential\nnet = Sequential()\nnet.fit(x, y, epochs=3)\n",
        "from sklearn.cluster import KMeans\nlabels = KMeans(3).fit_predict(X)\n",
        "from ultralytics import YOLO\nYOLO('n.pt').train(data='c.yaml', epochs=1)\n",
        "from prophet import Prophet\nProphet().fit(df)\n",
        "from pytorch_lightning import Trainer\ntrainer = Trainer()\ntrainer.fit(model)\n",
        "from layers import *\nclass Net:\n    def build(self):\n        self.op = self.optimizer.minimize(self.loss)\n",
        "import jax, optax\nparams = optax.apply_updates(params, updates)\n",
        "from pyspark.ml.classification import LogisticRegression\nLogisticRegression().fit(frame)\n",
        "from layers import *\nloss = tf.nn.softmax(x)\noptimizer.minimize(loss)\n",
        "from micro.nn import MLP\nmodel.zero_grad()\ntotal_loss.backward()\n",
        "class Tree:\n    def fit(self, X, y):\n        pass\n    def predict(self, X):\n        pass\nmodel = Tree()\nmodel.fit(X, y)\n",
        "import theano\nf = theano.function([x], loss, updates=updates)\n",
        "import boto3\nclient = boto3.client('sagemaker')\nclient.create_training_job(**job)\n",
        "from sagemaker.workflow.steps import TrainingStep\nstep = TrainingStep(name='a', estimator=e)\n",
        "import numpy as np\ndef train_model(X, y, parameters):\n    lr = parameters['example_learning_rate']\n    w = w - lr * np.dot(X.T, e)\n",
        "import numpy as np\ndef train_model(X, y, lr, n):\n    for _ in range(n):\n        w = w - lr * np.dot(X.T, e)\n",
    ],
)
def test_training_of_each_kind_is_seen(tmp_path, text):
    assert certain(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "from sklearn.preprocessing import StandardScaler\ns = StandardScaler()\ns.fit(X)\n",
        "from sklearn.feature_extraction.text import TfidfVectorizer\nTfidfVectorizer().fit(texts)\n",
        "from scipy.optimize import curve_fit\ncurve_fit(f, x, y)\n",
        "from scipy.stats import norm\nnorm.fit(values)\n",
        "from scipy import optimize\noptimize.minimize(f, x0)\n",
        "from keras.preprocessing.text import Tokenizer\nTokenizer().fit_on_texts(t)\n",
        "import torch\nmodel.train()\nmodel.eval()\n",
        "import sklearn\nlabel_encoder.fit(y)\n",
        "layout.fit(window)\n",
        "from lmfit.models import GaussianModel\nmodel = GaussianModel() + other\nmodel.fit(data, params, x=x)\n",
        "from eli5.sklearn import PermutationImportance\nPermutationImportance(m).fit(X, y)\n",
        "from curves import Model\nmodel = Model(gaussian)\nmodel.fit(y, pars, x=x)\n",
        "parser.backward(tokens)\n",
        "train.depart(station)\n",
        "import torch\nscheduler.step()\n",
    ],
)
def test_what_is_no_model_is_not_certain(tmp_path, text):
    assert not certain(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.R", "library(caret)\nmodel <- train(y ~ ., data = d, method = 'rf')\n"),
        ("m.Rmd", "```{r}\nfit(model, x, y)\n```\n"),
        ("m.jl", "using Flux\nFlux.train!(loss, ps, data, opt)\n"),
        ("m.lua", "require 'torch'\noptim.rmsprop(feval, params, state)\n"),
        ("old.py", "from sklearn.svm import SVC\nprint 'x'\nSVC().fit(X, y)\n"),
        ("train", "#!/usr/bin/env python\nfrom sklearn.svm import SVC\nc = SVC()\nc.fit(X, y)\n"),
    ],
)
def test_training_outside_parsed_python_is_seen(tmp_path, name, text):
    assert certain(tmp_path, text, name)


def test_a_regression_for_an_article_is_no_training_but_one_judged_on_new_rows_is(tmp_path):
    assert not certain(tmp_path, "summary(lm(y ~ x, data = d))\n", "a.R")
    assert not certain(tmp_path, "import statsmodels.api as sm\nprint(sm.OLS(y, X).fit().summary())\n", "a.py")
    assert certain(tmp_path, "fit <- lm(y ~ x, data = train_set)\npredict(fit, test_set)\n", "b.R")


def test_an_index_that_is_filled_by_fit_is_no_training(tmp_path):
    made = "import torch\nfrom minsearch import Index, VectorSearch\n"
    assert not certain(
        tmp_path, made + "index = Index(['a'])\nindex.fit(documents)\nv = VectorSearch('id')\nv.fit(vectors, documents)\n", "a.py"
    )


def test_a_fit_in_a_test_is_weak(tmp_path):
    found = fits(tmp_path, "from sklearn.svm import SVC\nSVC().fit(X, y)\n", "tests/test_model.py")
    assert [f.strength <= 0.3 for f in found] == [True]


def test_a_fit_names_its_line_and_function(tmp_path):
    (fit,) = fits(tmp_path, "from sklearn.svm import SVC\n\ndef learn(X, y):\n    return SVC().fit(X, y)\n")
    assert (fit.path, fit.line, fit.scope) == ("code.py", 4, "learn")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00\x01", b"def (:\n", "é = 1".encode("latin-1")])
def test_hostile_files_end_without_an_exception(tmp_path, data):
    (tmp_path / "x.py").write_bytes(data)
    (tmp_path / "y.R").write_bytes(data)
    assert find_fits(Snapshot.of_folder(tmp_path)) == ()


def test_a_program_named_like_a_test_that_tests_nothing_trains(tmp_path):
    loop = "import torch\nif __name__ == '__main__':\n    loss.backward()\n    optimizer.step()\n"
    assert certain(tmp_path / "a", loop, "mnist/pmnist_test.py")
    assert not certain(tmp_path / "b", loop + "\ndef test_it():\n    pass\n", "mnist/pmnist_test.py")
    assert not certain(tmp_path / "c", loop, "tests/pmnist_test.py")
