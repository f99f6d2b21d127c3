import pytest

from tasks.evidence.monitoring.retraining import find_retraining

WORKFLOW = ".github/workflows/train.yml"


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({WORKFLOW: "on:\n  schedule:\n    - cron: '0 0 * * 0'\njobs:\n  a:\n    steps:\n      - run: python train.py\n"}, "ci schedule"),
        ({"dag.py": "from airflow import DAG\nd = DAG('x', schedule_interval='@daily')\n"}, "airflow"),
        ({"flow.py": "from prefect import flow\ntrain.serve(name='x', cron='0 0 * * *')\n"}, "prefect"),
        ({"a.py": "def trigger_training():\n    pass\n"}, "own trigger"),
    ],
)
def test_what_trains_again_by_itself_is_named(snapshot, files, name):
    assert [t.name for t in find_retraining(snapshot(**files))] == [name]


@pytest.mark.parametrize(
    "files",
    [
        {WORKFLOW: "on:\n  schedule:\n    - cron: '0 0 * * 0'\njobs:\n  a:\n    steps:\n      - run: npm audit\n"},
        {"dag.py": "from airflow import DAG\nd = DAG('x', schedule_interval=None)\n"},
        {"tests/test_a.py": "def retrain():\n    pass\n"},
    ],
)
def test_a_schedule_without_training_or_no_schedule_is_none(snapshot, files):
    assert find_retraining(snapshot(**files)) == ()
