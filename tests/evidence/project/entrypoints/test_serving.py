from __future__ import annotations

import pytest


def files(found) -> list[str]:
    return [e.file for e in found]


LOADED = "import joblib\nmodel = joblib.load('m.pkl')\n"


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (
            "from flask import Flask\napp = Flask(__name__)\n\n@app.route('/p')\ndef p():\n    return model.predict(1)\n\napp.run()\n",
            "python srv.py",
        ),
        ("from fastapi import FastAPI\napp = FastAPI()\n\n@app.post('/p')\ndef p():\n    return model.predict(1)\n", "uvicorn srv:app"),
        ("import streamlit as st\nst.write(model.predict(1))\n", "streamlit run srv.py"),
        ("import gradio as gr\ngr.Interface(model.predict).launch()\n", "python srv.py"),
        ("import bentoml\nsvc = bentoml.Service('x')\nmodel.predict(1)\n", "bentoml serve srv.py"),
    ],
)
def test_each_kind_of_service_is_found_with_its_command(entries, code, command):
    (entry,) = entries({"srv.py": LOADED + code}).serve
    assert (entry.file, entry.command) == ("srv.py", command)


def test_a_web_application_without_a_model_is_not_serving(entries):
    code = "from flask import Flask\napp = Flask(__name__)\n\n@app.route('/')\ndef home():\n    return 'hello'\n\napp.run()\n"
    assert entries({"app.py": code, "examples/tutorial/__init__.py": code}).serve == ()


def test_an_application_that_asks_a_language_model_is_serving(entries):
    code = "from flask import Flask\nimport openai\napp = Flask(__name__)\nopenai.chat(1)\n"
    assert files(entries({"app.py": code}).serve) == ["app.py"]


def test_the_page_that_asks_a_language_model_through_a_module_stands_before_its_parts(entries):
    parts = "import streamlit as st\nimport openai\n\ndef show(x):\n    st.write(openai.chat(x))\n"
    assert (
        files(
            entries({"a/parts.py": parts, "a/site.py": "import streamlit as st\nfrom a.parts import show\nst.title('x')\nshow(1)\n"}).serve
        )[0]
        == "a/site.py"
    )


def test_a_document_with_a_shiny_runtime_that_loads_a_model_is_serving(entries):
    served = "---\ntitle: a\nruntime: shiny\n---\n```{r}\nmodel <- load_model_hdf5('m.h5')\n```\n"
    assert files(entries({"app.Rmd": served, "notes.Rmd": served.replace("runtime: shiny\n", "")}).serve) == ["app.Rmd"]


def test_a_page_that_asks_a_prediction_service_is_serving(entries, script):
    page = "import streamlit as st\nimport requests\nst.write(requests.post('http://localhost:3000/predict'))\n"
    assert files(entries({"page.py": page, "learn.py": script}).serve) == ["page.py"]


def test_a_script_that_predicts_from_a_saved_model_is_serving_and_training_is_not(entries, script):
    predict = "import torch\nnet = torch.load('m.pt')\nprint(net.predict(1))\n"
    assert files(entries({"learn.py": script, "sample.py": predict}).serve) == ["sample.py"]


def test_a_service_comes_before_a_batch_script(entries):
    api = LOADED + "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/')\ndef p():\n    return model.predict(1)\n"
    assert files(entries({"api/main.py": api, "predict.py": LOADED + "model.predict(1)\n"}).serve) == ["api/main.py", "predict.py"]


def test_a_cloud_handler_is_serving(entries):
    code = "import joblib\n\ndef init():\n    global m\n    m = joblib.load('m.pkl')\n\ndef run(data):\n    return m.predict(data)\n"
    assert files(entries({"scoring/score.py": code}).serve) == ["scoring/score.py"]


def test_a_documented_service_command_is_given_as_written(entries):
    code = LOADED + "from fastapi import FastAPI\napp = FastAPI()\nmodel.predict(1)\n"
    docker = 'FROM python:3.11\nCOPY . /app\nCMD ["uvicorn", "api.main:app", "--port", "80"]\n'
    (entry,) = entries({"api/main.py": code, "Dockerfile": docker}).serve
    assert any("Dockerfile:3" in r for r in entry.reasons)


def test_an_evaluation_script_is_not_serving(entries, script):
    own = "from sklearn.metrics import f1_score\n" + LOADED + "print(f1_score(y, model.predict(X)))\n"
    assert entries({"learn.py": script, "evaluate.py": own}).serve == ()


@pytest.mark.parametrize(
    "code",
    [
        "from ts.torch_handler.base_handler import BaseHandler\n\nclass Handler(BaseHandler):\n    def inference(self, x):\n        return x\n",
        "import kserve\n\nclass M(kserve.Model):\n    def predict(self, p):\n        return p\n",
        "from cog import BasePredictor\n\nclass P(BasePredictor):\n    def predict(self):\n        pass\n",
        "class TritonPythonModel:\n    def execute(self, requests):\n        pass\n",
        "import joblib\n\ndef handler(event, context):\n    return joblib.load('m.pkl').predict(event)\n",
    ],
)
def test_what_a_model_server_or_a_cloud_calls_is_serving(entries, script, code):
    assert files(entries({"learn.py": script, "srv/handler.py": code}).serve) == ["srv/handler.py"]


def test_a_django_view_that_predicts_is_started_by_its_project(entries):
    view = "import joblib\nfrom django.shortcuts import render\nm = joblib.load('m.pkl')\n\ndef home(request):\n    return render(m.predict(1))\n"
    found = entries({"site/manage.py": "import sys\nprint(sys.argv)\n", "site/app/views.py": view}).serve
    assert (found[0].file, found[0].command) == ("site/manage.py", "python site/manage.py runserver")
    assert "site/app/views.py" in files(found)


def test_a_django_view_without_a_model_is_not_serving(entries):
    view = "from django.shortcuts import render\n\ndef home(request):\n    return render(request)\n"
    assert entries({"manage.py": "import sys\n", "app/views.py": view}).serve == ()
