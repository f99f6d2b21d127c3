"""Metrics found in code: expected names are written by hand."""

import pytest

from tasks.evidence.evaluation.metric_names import standard_name
from tasks.evidence.evaluation.metrics import find_metrics
from tasks.evidence.snapshot import Snapshot


def names(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {m.name for m in find_metrics(Snapshot.of_folder(folder))}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from sklearn.metrics import accuracy_score\naccuracy_score(y, p)", {"accuracy"}),
        ("from sklearn import metrics\nprint(metrics.roc_auc_score(y, p))", {"roc_auc"}),
        ("from sklearn.metrics import precision_recall_fscore_support as s\ns(y, p)", {"precision", "recall", "f1"}),
        ("import numpy as np\nfrom sklearn.metrics import mean_squared_error\nrmse = np.sqrt(mean_squared_error(y, p))", {"rmse"}),
        ("from sklearn.metrics import mean_squared_error\nx = mean_squared_error(y, p, squared=False)", {"rmse"}),
        ("from sklearn.metrics import mean_squared_error\nrmse = mean_squared_error(y, p) ** 0.5", {"rmse"}),
        ("from sklearn.svm import SVC\nm = SVC()\nm.fit(a, b)\nm.score(c, d)", {"accuracy"}),
        ("from sklearn.linear_model import Ridge\nm = Ridge()\nprint(m.score(c, d))", {"r2"}),
        (
            "from sklearn.pipeline import make_pipeline\nfrom sklearn.linear_model import Lasso\np = make_pipeline(Lasso())\np.score(a, b)",
            {"r2"},
        ),
        ("from sklearn.model_selection import cross_val_score\ncross_val_score(m, X, y, scoring='neg_root_mean_squared_error')", {"rmse"}),
        ("from sklearn.model_selection import GridSearchCV\nGridSearchCV(m, g, scoring='f1_macro')", {"f1"}),
        (
            "from sklearn.model_selection import cross_validate\ncross_validate(m, X, y, scoring=['accuracy', 'roc_auc'])",
            {"accuracy", "roc_auc"},
        ),
        (
            "import tensorflow as tf\nmodel.compile(loss='mse', metrics=['accuracy', tf.keras.metrics.AUC(name='auc')])",
            {"accuracy", "roc_auc"},
        ),
        ("import torchmetrics\nclass M:\n  def __init__(self):\n    self.a = torchmetrics.F1Score(task='binary')", {"f1"}),
        ("import evaluate\nm = evaluate.load('rouge')", {"rouge"}),
        ("from datasets import load_metric\nm = load_metric('accuracy')", {"accuracy"}),
        ("import mlflow\nmlflow.log_metric('val_rmse', x)", {"rmse"}),
        ("import wandb\nwandb.log({'test/f1_score': a, 'epoch': 3})", {"f1"}),
        ("import numpy as np\naccuracy = np.mean(pred == y)", {"accuracy"}),
        ("def rmse(y_true, y_pred):\n    return ((y_true - y_pred) ** 2).mean() ** 0.5", {"rmse"}),
        ("import torch\nprint(f'Accuracy of the network: {100 * correct // total} %')", {"accuracy"}),
        ("import torch\nfor e in range(3):\n    print(f'epoch {e} loss {running:.3f}')", {"loss"}),
        ("import xgboost as xgb\nm = xgb.XGBClassifier(eval_metric='auc')", {"roc_auc"}),
        ("import lightgbm as lgb\nparams = {'objective': 'regression', 'metric': 'rmse'}\nlgb.train(params, d)", {"rmse"}),
        ("from pyspark.ml.evaluation import RegressionEvaluator\nRegressionEvaluator(labelCol='a', metricName='mae')", {"mae"}),
        ("from pyspark.ml.evaluation import BinaryClassificationEvaluator\nBinaryClassificationEvaluator()", {"roc_auc"}),
        ("from fastai.vision.all import *\nlearn = vision_learner(dls, resnet34, metrics=accuracy)", {"accuracy"}),
        ("from surprise import accuracy\naccuracy.rmse(predictions)", {"rmse"}),
        ("def compute_metrics(p):\n    return {'exact_match': a, 'f1': b}", {"exact_match", "f1"}),
        ("import torch\nprogress_bar(i, n, 'Loss: %.3f | Acc: %.3f%%' % (a, b))", {"loss", "accuracy"}),
        ("import torch\ncorrect += predicted.eq(targets).sum().item()", {"accuracy"}),
        ("from fastai.metrics import DiceMulti\nlearn = unet_learner(d, arch=a, metrics=DiceMulti)", {"dice"}),
        ("def dice(mask_pred, mask_true, classes=[0, 1]):\n    return 1", {"dice"}),
        ("import keras\nmodel.compile(optimizer='adam', loss='mse')", {"loss"}),
        ("from evidently.presets import RegressionPreset\nReport([RegressionPreset()])", {"mae", "mape"}),
        (
            "from sklearn.metrics import (\n    f1_score, roc_auc_score, mean_squared_error)\nrun({'auc': roc_auc_score}, f1_score)",
            {"roc_auc", "f1"},
        ),
        ("from sklearn.model_selection import cross_val_score\nhow = 'accuracy'\ncross_val_score(m, X, y, scoring=how)", {"accuracy"}),
        ("import tensorflow as tf\ntf.summary.scalar('{}/loss'.format(mode), x)", {"loss"}),
        ("from sklearn.metrics import accuracy_score\nprint 'acc', accuracy_score(y, p)", {"accuracy"}),
    ],
)
def test_names_of_computed_metrics(tmp_path, code, expected):
    assert names(tmp_path, train_DOT_py=code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "from sklearn.neighbors import KNeighborsClassifier\nKNeighborsClassifier(metric='minkowski')",
        "import math\nx = math.log(3)\nprint('hello')",
        "model.compile(optimizer='adam', loss='binary_crossentropy')",
        "print('This tool improves accuracy')",
        "df['math score'].mean()",
        "import keras\nprint(key.eq(other))",
        "from sklearn.metrics import (accuracy_score,\n    f1_score, roc_auc_score,\n)\nx = 1",
        "from sklearn.metrics import accuracy_score, f1_score\nx = 1",
        "def dice(sides, rolls):\n    return 1",
    ],
)
def test_other_code_computes_no_metric(tmp_path, code):
    assert names(tmp_path, train_DOT_py=code) == set()


def test_tests_of_the_code_do_not_count(tmp_path):
    code = "from sklearn.metrics import f1_score\ndef test_f1():\n    assert f1_score(a, b)"
    assert names(tmp_path, tests__test_model_DOT_py=code) == set()


def test_a_repository_that_trains_in_its_fixtures_evaluates_in_its_tests(tmp_path):
    code = "from sklearn.metrics import f1_score\ndef test_f1(m):\n    m.fit(X, y)\n    assert f1_score(y, m.predict(X)) > 0.5"
    assert names(tmp_path, tests__test_model_DOT_py=code) == set()
    assert names(tmp_path, forest_DOT_py="", tests__test_model_DOT_py="from forest import Forest\n" + code) == {"f1"}


def test_r_julia_lua_and_python_2_are_read(tmp_path):
    found = names(
        tmp_path,
        model_DOT_R='m <- confusionMatrix(p, y)\nrmse <- RMSE(p, y)\n# MAE(p, y)\ncompile(metrics = c("accuracy"))',
        fit_DOT_jl='@info "epoch" loss\nacc = mean(onecold(m(x)) .== onecold(y))',
        train_DOT_lua="print('val loss ' .. loss)",
        old_DOT_py="print 'auc', roc_auc_score(y, p)",
    )
    assert found == {"confusion_matrix", "rmse", "accuracy", "loss", "roc_auc"}


def test_prose_of_an_r_document_does_not_count(tmp_path):
    assert names(tmp_path, a_DOT_Rmd="RMSE( is explained\n```{r}\nmae(p, y)\n```\naccuracy(x)") == {"mae"}


def test_a_booster_metric_set_in_configuration_counts(tmp_path):
    assert names(tmp_path, run_DOT_py="import lightgbm as lgb", conf_DOT_json='{"loss": "multi_logloss"}') == {"multi_logloss"}


def test_places_name_file_and_line(tmp_path):
    (tmp_path / "a.py").write_text("from sklearn.metrics import f1_score\n\nprint(f1_score(y, p))\n")
    (metric,) = find_metrics(Snapshot.of_folder(tmp_path))
    assert (metric.places[0].file, metric.places[0].line, metric.in_notebooks_only) == ("a.py", 3, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("val/Acc_best", "accuracy"),
        ("R²", "r2"),
        ("neg_mean_absolute_error", "mae"),
        ("areaUnderROC", "roc_auc"),
        ("MeanSquaredError", "mse"),
        ("learning_rate", None),
        ("latency", None),
        ("train_loss", "loss"),
        ("average_loss", "average_loss"),
        ("mean_average_precision", "map"),
    ],
)
def test_standard_names(text, expected):
    assert standard_name(text) == expected
