from __future__ import annotations


def files(found) -> list[str]:
    return [e.file for e in found]


def test_a_dvc_stage_that_needs_earlier_ones_is_run_by_dvc(entries, script):
    dvc = (
        "stages:\n  prepare:\n    cmd: python src/prepare.py\n    outs: [data/x.csv]\n"
        "  fit:\n    cmd: python src/learn.py data/x.csv\n    deps: [data/x.csv]\n    outs: [model.pkl]\n"
    )
    found = entries({"dvc.yaml": dvc, "src/learn.py": script, "src/prepare.py": "print(1)\n"}).train
    assert (found[0].file, found[0].command) == ("dvc.yaml", "dvc repro")
    assert "src/learn.py" in files(found)


def test_a_dvc_file_without_training_is_no_entry(entries):
    assert entries({"dvc.yaml": "stages:\n  a:\n    cmd: python a.py\n", "a.py": "print(1)\n"}).train == ()


def test_an_mlproject_follows_its_script(entries, script):
    project = "name: x\nentry_points:\n  main:\n    parameters:\n      alpha: float\n    command: 'python learn.py {alpha}'\n"
    found = entries({"MLproject": project, "learn.py": script}).train
    assert [(e.file, e.command) for e in found][1] == ("MLproject", "mlflow run .")


def test_a_script_that_runs_mlflow_projects_trains_by_them(entries, script):
    main = "import mlflow, os\n\ndef go():\n    mlflow.run(os.path.join(root, 'src', 'forest'), 'main')\n\nif __name__ == '__main__':\n    go()\n"
    project = "entry_points:\n  main:\n    command: python run.py\n"
    found = entries({"main.py": main, "src/forest/MLproject": project, "src/forest/run.py": script}).train
    assert files(found)[0] == "main.py"


def test_kedro_runs_its_nodes_and_is_judged_where_they_measure(entries, fit):
    nodes = fit + "\ndef report_accuracy(p, y):\n    return 1\n"
    pipeline = (
        "from kedro.pipeline import Pipeline, node\nfrom .nodes import train_model, report_accuracy\n\n"
        "def create_pipeline(**kwargs):\n    return Pipeline([node(train_model, 'x', 'm'), node(report_accuracy, 'm', None)])\n"
    )
    project = "[tool.kedro]\npackage_name = 'iris'\n"
    found = entries(
        {"pyproject.toml": project, "src/iris/ds/__init__.py": "", "src/iris/ds/nodes.py": nodes, "src/iris/ds/pipeline.py": pipeline}
    )
    assert (found.train[0].file, found.train[0].command) == ("pyproject.toml", "kedro run")
    assert found.eval[0].file == "src/iris/ds/nodes.py"


def test_a_configuration_for_an_installed_command_is_the_entry(entries):
    jobs = (
        "from sklearn.svm import SVC\n\nclass TrainingJob:\n    def run(self):\n        m = SVC()\n        m.fit(self.X, self.y)\n\n"
        "class EvaluationsJob:\n    def run(self):\n        pass\n\nclass InferenceJob:\n    def run(self):\n        pass\n"
    )
    scripts = (
        "import argparse\nfrom app import jobs\n\ndef main():\n    p = argparse.ArgumentParser()\n    p.add_argument('files', nargs='*')\n"
        "    make(p.parse_args().files).run()\n"
    )
    found = entries(
        {
            "pyproject.toml": "[project]\nname = 'app'\n[project.scripts]\napp = 'app.scripts:main'\n",
            "src/app/jobs.py": jobs,
            "src/app/scripts.py": scripts,
            "confs/training.yaml": "job:\n  KIND: TrainingJob\n",
            "confs/evaluations.yaml": "job:\n  KIND: EvaluationsJob\n",
            "confs/inference.yaml": "job:\n  KIND: InferenceJob\n",
            "tests/confs/training.yaml": "job:\n  KIND: TrainingJob\n",
        }
    )
    assert (found.train[0].file, found.train[0].command) == ("confs/training.yaml", "app confs/training.yaml")
    assert (found.eval[0].file, found.serve[0].file) == ("confs/evaluations.yaml", "confs/inference.yaml")


def test_a_make_target_and_a_shell_script_follow_their_script(entries, script):
    found = entries(
        {"src/learn.py": script, "Makefile": "fit: data\n\tpython src/learn.py\n", "go.sh": "cd src\npython learn.py \\\n  --x 1\n"}
    ).train
    assert files(found)[0] == "src/learn.py"
    assert {e.file: e.command for e in found[1:]} == {"Makefile": "make fit", "go.sh": "bash go.sh"}


def test_invoke_tasks_name_their_task(entries, script):
    tasks = "from invoke import task\n\n@task\ndef fit_model(c):\n    c.run('python src/learn.py')\n"
    found = entries({"src/learn.py": script, "tasks.py": tasks}).train
    assert "tasks.py" in files(found) and "src/learn.py" in files(found)


def test_a_snakefile_is_an_entry(entries, script):
    found = entries({"Snakefile": "rule fit:\n    shell: 'python learn.py'\n", "learn.py": script}).train
    assert "Snakefile" in files(found)


def test_hostile_tool_files_end_without_an_exception(entries, script):
    found = entries(
        {
            "learn.py": script,
            "dvc.yaml": "stages: [1, 2]\n",
            "MLproject": "entry_points: text\n",
            "pyproject.toml": "project = 3\n[tool]\nkedro = 'x'\n",
            "setup.cfg": "[options.entry_points\n",
            "a/dvc.yaml": "stages:\n  a: text\n  b:\n    cmd: {x: 1}\n    deps: 5\n    outs: [1, {}]\n",
            "b/MLproject": b"\xff\xfe\x00",
            "Makefile": b"\x00\x01\x02",
            "confs/x.yaml": "- &a [*a]\n",
            "broken.ipynb": "{",
            "latin.py": "é = 1\n".encode("latin-1"),
        }
    )
    assert found.train[0].file == "learn.py"
