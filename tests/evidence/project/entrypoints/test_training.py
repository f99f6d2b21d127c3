from __future__ import annotations

import json

import pytest


def files(found) -> list[str]:
    return [e.file for e in found]


def test_the_script_that_calls_the_library_is_the_entry_not_the_library(entries, fit):
    main = "from lib.train import train_model\nif __name__ == '__main__':\n    train_model(1, 2)\n"
    found = entries({"lib/__init__.py": "", "lib/train.py": fit, "cli.py": main}).train
    assert files(found)[0] == "cli.py" and "lib/train.py" not in files(found)


def test_an_empty_train_file_is_no_entry(entries, script):
    assert files(entries({"train.py": "", "src/product_name.py": script}).train) == ["src/product_name.py"]


def test_a_file_that_imports_a_module_for_something_else_does_not_train(entries, fit):
    module = fit + "\ndef load():\n    return 1\n"
    found = entries(
        {"model.py": module, "app.py": "from model import load\nload()\n", "go.py": "from model import train_model\ntrain_model(1, 2)\n"}
    )
    assert files(found.train) == ["go.py"]


def test_a_function_registered_on_import_is_not_run(entries, fit):
    registry = "from model import train_model\nREGISTRY = Registry()\nREGISTRY.register(train_model)\n"
    tool = "import registry\nif __name__ == '__main__':\n    print(registry.REGISTRY)\n"
    found = entries(
        {"model.py": fit, "registry.py": registry, "show.py": tool, "go.py": "from model import train_model\ntrain_model(1, 2)\n"}
    ).train
    assert "show.py" not in files(found) and "go.py" in files(found)


def test_the_whole_comes_before_its_stages(entries, fit):
    stage = fit + "\nclass Stage:\n    def main(self):\n        train_model(1, 2)\n\nif __name__ == '__main__':\n    Stage().main()\n"
    main = "from stages.stage_04_trainer import Stage\nstage = Stage()\nstage.main()\n"
    assert files(entries({"stages/stage_04_trainer.py": stage, "main.py": main}).train) == ["main.py", "stages/stage_04_trainer.py"]


@pytest.mark.parametrize("folder", ["old", "archive", "deprecated", "tests"])
def test_an_unused_copy_does_not_win(entries, script, folder):
    assert files(entries({f"{folder}/train.py": script, "src/fraud.py": script}).train)[0] == "src/fraud.py"


def test_of_numbered_copies_the_latest_comes_first(entries, script):
    found = entries({f"week_{n}/train.py": script for n in (1, 2, 10)}).train
    assert files(found) == ["week_10/train.py", "week_2/train.py", "week_1/train.py"]


def test_nothing_is_invented_where_nothing_is_trained(entries):
    found = entries({"train.py": "print('departure of the train')\n", "README.md": "```\npython train.py\n```\n"})
    assert found.train == found.eval == found.serve == ()


def test_a_documented_command_is_given_as_written_and_one_without_a_file_is_not(entries, script):
    readme = "```bash\npython missing/train.py\npython src/fit_it.py --alpha 0.5  # slow\n```\n"
    (entry,) = entries({"src/fit_it.py": script, "README.md": readme}).train
    assert entry.command == "python src/fit_it.py --alpha 0.5"
    assert any("README.md:3" in r for r in entry.reasons)


def test_a_module_that_imports_its_own_package_is_run_as_a_module(entries, fit):
    main = "from src.model import train_model\nif __name__ == '__main__':\n    train_model(1, 2)\n"
    (entry,) = entries({"src/model.py": fit, "src/ingest.py": main}).train
    assert entry.command == "python -m src.ingest"


def test_click_commands_and_callbacks_are_followed(entries, fit):
    code = fit + "\nimport click\n\n@click.command()\ndef run():\n    train_model(1, 2)\n\nif __name__ == '__main__':\n    cli()\n"
    assert files(entries({"tool.py": code}).train) == ["tool.py"]
    absl = "from absl import app\nimport trainer\n\ndef main(argv):\n    trainer.train_model(1, 2)\n\nif __name__ == '__main__':\n    app.run(main)\n"
    assert files(entries({"tool.py": "", "trainer.py": fit, "launch.py": absl}).train)[0] == "launch.py"


def test_a_metaflow_runs_its_steps(entries):
    code = (
        "from metaflow import FlowSpec, step\n\nclass Flow(FlowSpec):\n    @step\n    def start(self):\n        from sklearn.svm import SVC\n"
        "        m = SVC()\n        m.fit(self.X, self.y)\n\nif __name__ == '__main__':\n    Flow()\n"
    )
    (entry,) = entries({"flow.py": code}).train
    assert entry.command == "python flow.py run"


def test_a_pipeline_with_options_runs_its_steps(entries, fit):
    pipeline = "from zenml import pipeline\nfrom steps import train_model\n\n@pipeline\ndef training():\n    train_model(1, 2)\n"
    run = "from pipelines.training import training\nif __name__ == '__main__':\n    training.with_options(cache=False)()\n"
    assert files(entries({"steps.py": fit, "pipelines/training.py": pipeline, "run.py": run}).train)[0] == "run.py"


def test_an_extensionless_script_is_run_as_it_is(entries, script):
    (entry,) = entries({"decision_trees/train": "#!/usr/bin/env python3\n" + script}).train
    assert entry.command == "python decision_trees/train"


def test_a_notebook_stands_behind_a_script_and_is_found_alone(entries, script):
    cell = {"cell_type": "code", "source": script, "outputs": [], "execution_count": 1}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4})
    assert files(entries({"a b.ipynb": notebook}).train) == ["a b.ipynb"]
    assert files(entries({"z.py": script}).train) == ["z.py", "a b.ipynb"]


def test_a_web_handler_that_trains_is_the_entry_only_without_a_script(entries, fit, script):
    app = (
        fit
        + "\nfrom flask import Flask\napp = Flask(__name__)\n\n@app.route('/fit')\ndef go():\n    return train_model(1, 2)\n\napp.run()\n"
    )
    assert files(entries({"main.py": app}).train) == ["main.py"]
    assert files(entries({"learn.py": script}).train)[0] == "learn.py"


def test_a_dag_and_a_cloud_job_stand_behind_a_local_script(entries, fit):
    dag = (
        "from airflow.operators.python import PythonOperator\nfrom model import train_model\nPythonOperator(python_callable=train_model)\n"
    )
    cloud = "from azureml.core import Run\nfrom model import train_model\nif __name__ == '__main__':\n    train_model(1, 2)\n"
    local = "from model import train_model\nif __name__ == '__main__':\n    train_model(1, 2)\n"
    found = entries({"model.py": fit, "a_dag.py": dag, "b_aml.py": cloud, "c_local.py": local}).train
    assert files(found)[0] == "c_local.py" and set(files(found)[1:]) == {"a_dag.py", "b_aml.py"}


def test_an_installed_command_that_trains_is_the_entry(entries, fit):
    project = "[project]\nname = 'x'\n[project.scripts]\nx-train = 'x.cli:main'\n"
    cli = "from x.model import train_model\n\ndef main():\n    train_model(1, 2)\n"
    (entry,) = entries({"pyproject.toml": project, "src/x/cli.py": cli, "src/x/model.py": fit}).train
    assert (entry.file, entry.command) == ("src/x/cli.py", "x-train")


def test_only_tests_train_a_model_of_the_repository(entries):
    tree = "class Tree:\n    def fit(self, X, y):\n        return self\n"
    test = "import sklearn\nfrom tree import Tree\n\ndef fitted():\n    t = Tree()\n    t.fit(X, y)\n"
    assert files(entries({"tree.py": tree, "tests/fixtures.py": test}).train) == ["tests/fixtures.py"]


def test_python_2_is_judged_by_its_lines(entries):
    code = "from sklearn.svm import SVC\nmodel = SVC()\nprint 'go'\nmodel.fit(X, y)\nif __name__ == '__main__':\n    pass\n"
    assert files(entries({"learn.py": code}).train) == ["learn.py"]


def test_a_launcher_of_a_cluster_stands_behind_what_it_launches(entries, fit):
    main = fit + "\ndef main():\n    train_model(1, 2)\n\nif __name__ == '__main__':\n    main()\n"
    submit = "import main as detection\nif __name__ == '__main__':\n    detection.main()\n"
    assert files(entries({"main.py": main, "run_with_submitit.py": submit}).train)[0] == "main.py"


def test_confidence_and_reasons_are_given_and_ordered(entries, script):
    found = entries({"train.py": script, "deep/er/other.py": script}).train
    assert [e.file for e in found] == ["train.py", "deep/er/other.py"]
    assert 0 < found[1].confidence < found[0].confidence < 1
    assert "running it trains a model" in found[0].reasons[0]
    assert found[0].place is not None and found[0].place.line == 3


def test_a_tensorflow_1_application_runs_its_main_function(entries):
    code = (
        "import tensorflow as tf\n\ndef main(argv=None):\n    step = tf.train.AdamOptimizer(1).minimize(loss)\n\n"
        "if __name__ == '__main__':\n    tf.app.run()\n"
    )
    assert entries({"learn.py": code}).train[0].confidence > 0.5


def test_a_sampling_script_that_only_builds_the_graph_does_not_train_but_serves(entries):
    model = "import tensorflow as tf\n\nclass Model:\n    def __init__(self):\n        tf.train.AdamOptimizer(1).apply_gradients(g)\n"
    sample = "import tensorflow as tf\nfrom model import Model\nm = Model()\nsaver = tf.train.Saver()\nsaver.restore(s, 'x')\n"
    train = "import tensorflow as tf\nfrom model import Model\nm = Model()\n"
    found = entries({"model.py": model, "sample.py": sample, "train.py": train})
    assert files(found.train) == ["train.py"] and files(found.serve) == ["sample.py"]


def test_a_configuration_for_another_projects_trainer_is_the_entry(entries):
    readme = "```\nallennlp train conf/my.jsonnet -s out\n```\n"
    (entry,) = entries({"README.md": readme, "conf/my.jsonnet": "{}\n", "lib/model.py": "import allennlp\n"}).train
    assert (entry.file, entry.command) == ("conf/my.jsonnet", "allennlp train conf/my.jsonnet -s out")


def test_a_template_of_a_script_is_judged_by_its_lines(entries):
    code = "{{cookiecutter.header}}\nmodel = lgb.train(params, rows)\n"
    assert files(entries({"template/Train.py.tmpl": code}).train) == ["template/Train.py.tmpl"]


def test_a_recipe_is_run_by_mlflow(entries):
    notebook = "from mlflow.recipes import Recipe\nr = Recipe(profile='local')\nr.run('train')\n"
    found = entries({"recipe.yaml": "recipe: regression/v1\n", "notebooks/run_it.py": notebook}).train
    assert "recipe.yaml" in files(found)


def test_a_management_command_is_run_by_its_name(entries, fit):
    command = "from django.core.management.base import BaseCommand\nfrom corpus.learn import train_model\n\nclass Command(BaseCommand):\n"
    command += "    def handle(self, *args, **options):\n        train_model(1, 2)\n"
    found = entries({"manage.py": "import os\n", "corpus/learn.py": fit, "arbiter/management/commands/learn.py": command}).train
    assert (found[0].file, found[0].command) == ("arbiter/management/commands/learn.py", "python manage.py learn")


def test_a_session_that_runs_a_training_operation_of_another_file_trains(entries):
    model = "import tensorflow as tf\n\ndef build():\n    return tf.train.AdamOptimizer().minimize(loss)\n"
    loop = "import tensorflow as tf\nsess = tf.Session()\nfor _ in range(9):\n    sess.run([model.opt_op, model.loss], feed_dict=f)\n"
    found = entries(
        {"gcn/model.py": model, "gcn/run_it.py": loop, "gcn/show.py": "import tensorflow as tf\nsess = tf.Session()\nsess.run(logits)\n"}
    )
    assert files(found.train)[0] == "gcn/run_it.py" and "gcn/show.py" not in files(found.train)


def test_an_export_of_a_notebook_with_its_magics_stands_behind_the_notebook(entries, script):
    cell = {"cell_type": "code", "source": script, "outputs": [], "execution_count": 1}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4})
    export = "get_ipython().magic('matplotlib inline')\n" + script
    assert files(entries({"Heart.ipynb": notebook, "heart.py": export}).train) == ["Heart.ipynb", "heart.py"]


def test_a_program_named_like_a_test_is_an_entry(entries):
    code = "import torch\nimport argparse\nif __name__ == '__main__':\n    loss.backward()\n    optimizer.step()\n"
    found = entries({"char_cnn/char_cnn_test.py": code, "tests/test_it.py": "def test_it():\n    assert True\n"}).train
    assert files(found) == ["char_cnn/char_cnn_test.py"] and found[0].confidence >= 0.5


def test_a_program_that_builds_the_graph_and_never_runs_its_training_does_not_train(entries):
    graph = "import tensorflow as tf\n\nclass Graph:\n    def __init__(self):\n        self.train_op = tf.train.AdamOptimizer().minimize(loss)\n"
    run = "from graph import Graph\nimport tensorflow as tf\ng = Graph()\nsess = tf.Session()\n"
    found = entries({"graph.py": graph, "learn.py": run + "sess.run(g.train_op)\n", "speak.py": run + "sess.run(g.y_hat)\n"}).train
    assert files(found) == ["learn.py"]
