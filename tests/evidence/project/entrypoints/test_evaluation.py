from __future__ import annotations


def files(found) -> list[str]:
    return [e.file for e in found]


METRIC = "from sklearn.metrics import accuracy_score\n"


def test_training_that_measures_itself_is_the_evaluation(entries, script):
    found = entries({"learn.py": script + METRIC + "accuracy_score(y, model.predict(X))\n"})
    assert files(found.eval) == ["learn.py"]


def test_an_own_script_wins_over_training(entries, script):
    own = METRIC + "import joblib\nm = joblib.load('m.pkl')\nprint(accuracy_score(y, m.predict(X)))\n"
    found = entries({"learn.py": script + METRIC + "accuracy_score(y, p)\n", "src/evaluate.py": own}).eval
    assert files(found) == ["src/evaluate.py", "learn.py"]
    assert found[0].command == "python src/evaluate.py"


def test_a_test_of_the_code_is_no_evaluation(entries, script):
    test = METRIC + "def test_it():\n    assert accuracy_score(y, p) > 0.5\n"
    learn = script + METRIC + "accuracy_score(y, p)\n"
    assert files(entries({"learn.py": learn, "tests/test_evaluate.py": test}).eval) == ["learn.py"]


def test_a_training_that_measures_nothing_is_no_evaluation(entries, script):
    found = entries({"learn.py": script + "import pickle\npickle.dump(model, open('m.pkl', 'wb'))\n"})
    assert files(found.train) == ["learn.py"] and found.eval == ()


def test_a_training_that_hands_held_out_rows_to_the_library_measures(entries):
    code = "import lightgbm as lgb\nlgb.train(params, d, valid_sets=[d, v])\n"
    assert files(entries({"learn.py": code}).eval) == ["learn.py"]


def test_a_shell_script_stands_behind_the_program_it_runs(entries):
    code = "import torch\n\ndef metric(p, t):\n    return 0\nloss.backward()\noptimizer.step()\nmetric(preds, trues)\n"
    found = entries(
        {"main_net.py": code, "scripts/a.sh": "python -u main_net.py --data a\n", "scripts/b.sh": "python -u main_net.py --data b\n"}
    )
    assert files(found.eval)[0] == "main_net.py"


def test_the_file_that_measures_when_the_whole_runs_is_the_evaluation(entries, fit):
    segment = fit + METRIC + "\ndef segment(x, y):\n    m = train_model(x, y)\n    return accuracy_score(y, m.predict(x))\n"
    main = "from segment import segment\nif __name__ == '__main__':\n    segment(1, 2)\n"
    assert files(entries({"main.py": main, "segment.py": segment}).eval)[0] == "segment.py"


def test_a_network_that_logs_in_its_steps_is_judged_by_the_file_that_trains(entries):
    model = (
        "import lightning\nfrom torchmetrics import functional\n\nclass Net(lightning.LightningModule):\n"
        "    def validation_step(self, b):\n        functional.accuracy(b, b)\n"
    )
    train = "import lightning\nfrom net import Net\ntrainer = lightning.Trainer()\ntrainer.fit(Net())\n"
    assert files(entries({"net.py": model, "train.py": train}).eval) == ["train.py"]


def test_a_step_named_evaluation_that_compares_logged_metrics_counts(entries, script):
    step = "from azureml.core import Run\nrun = Run.get_context()\nnew = float(run.get_metrics().get('mse'))\nprint(new)\n"
    assert files(entries({"train.py": script, "evaluate/evaluate_model.py": step}).eval)[0] == "evaluate/evaluate_model.py"


def test_without_training_nothing_is_invented(entries):
    assert entries({"metrics.py": "print(1)\n", "evaluate.py": "import os\nos.listdir('.')\n"}).eval == ()


def test_an_evaluation_that_fits_along_the_way_is_still_one(entries, script):
    own = (
        METRIC + "import joblib\nm = joblib.load('m.pkl')\naccuracy_score(y, m.predict(X))\nfrom sklearn.svm import SVC\nSVC().fit(X, y)\n"
    )
    assert files(entries({"src/train.py": script, "src/evaluate.py": own}).eval)[0] == "src/evaluate.py"


def test_a_script_named_evaluation_that_loads_the_model_counts(entries, script):
    own = "import torch\nnet = torch.load('m.pt')\nprint((net(x) == y).mean())\n"
    assert files(entries({"train.py": script, "eval.py": own}).eval)[0] == "eval.py"
