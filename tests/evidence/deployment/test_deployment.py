import pytest

from tasks.evidence.deployment import collect
from tasks.evidence.snapshot import Snapshot

FLASK = """
import pickle
from flask import Flask, request, jsonify
app = Flask(__name__)
model = pickle.load(open("model.pkl", "rb"))

@app.route("/predict", methods=["POST"])
def predict():
    return jsonify(model.predict([request.get_json()]).tolist())

if __name__ == "__main__":
    app.run(debug=True)
"""
FASTAPI = """
import mlflow
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()

class Row(BaseModel):
    x: float

model = mlflow.pyfunc.load_model("models:/bikes@champion")

@app.get("/healthz")
def health():
    return {}

@app.post("/predict")
def predict(row: Row):
    return model.predict([row.x])
"""


@pytest.fixture
def read(tmp_path):
    def build(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return collect(Snapshot.of_folder(tmp_path))

    return build


def test_a_flask_app_with_a_pickled_model_and_its_debugger(read):
    facts = read(app_DOT_py=FLASK)
    assert [(s.framework, s.interface, s.predicts) for s in facts.services] == [("flask", "api", True)]
    assert [(p.line, p.note) for p in facts.model_loads] == [(5, "pickle")]
    assert [p.line for p in facts.debug_servers] == [12]
    assert facts.contracts == facts.health_endpoints == facts.rollbacks == ()


def test_a_typed_api_with_health_and_a_registry_alias(read):
    facts = read(service_DOT_py=FASTAPI)
    assert [p.line for p in facts.contracts] == [7]
    assert [p.line for p in facts.health_endpoints] == [12]
    assert [p.note for p in facts.rollbacks] == ["model version by registry"]


def test_an_app_without_a_model_does_not_predict(read):
    facts = read(app_DOT_py="from flask import Flask\napp = Flask(__name__)\n")
    assert [s.predicts for s in facts.services] == [False]


def test_an_app_in_tests_is_no_service(read):
    assert read(tests__test_app_DOT_py=FLASK).services == ()


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("Procfile", "web: gunicorn app:app", "procfile"),
        ("k8s__api_DOT_yaml", "apiVersion: apps/v1\nkind: Deployment\n", "kubernetes"),
        ("Dockerfile", 'FROM python:3.12\nCMD ["uvicorn", "app:app"]\n', "container_service"),
        ("infra__main_DOT_tf", 'resource "x" "y" {}', "terraform"),
    ],
)
def test_infrastructure_by_name_and_content(read, name, text, kind):
    assert [i.kind for i in read(**{name: text}).infrastructure] == [kind]


def test_a_container_that_trains_is_no_serving_infrastructure(read):
    assert read(Dockerfile='FROM python:3.12\nCMD ["python", "train.py"]\n').infrastructure == ()
