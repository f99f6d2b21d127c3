"""Declared packages that training does without, and why."""

from __future__ import annotations

import re

_TOOLS = """
pytest pytest-cov pytest-mock pytest-xdist pytest-asyncio pytest-sugar coverage codecov tox nox hypothesis mock nose nose2 flake8 pylint
black isort autopep8 yapf ruff mypy pyright pydocstyle pycodestyle pyflakes bandit safety pre-commit autoflake mkdocs mkdocs-material
mkdocstrings mkdocs-macros-plugin sphinx sphinx-rtd-theme sphinx-autodoc-typehints myst-parser nbsphinx recommonmark pdoc pdoc3 twine
build bumpversion bump2version commitizen invoke ipdb pudb rope jedi pip pip-tools wheel setuptools-scm virtualenv poetry pipenv
flake8-formatter-junit-xml rstcheck interrogate nbqa nbstripout nbdime cookiecutter awscli twine testbook deepdiff locust
python-language-server vulture radon xenon pyupgrade types-pyyaml types-requests pandas-stubs pip-audit detect-secrets just pyinstrument
"""
_NOTEBOOK = """
jupyter jupyterlab notebook jupyter-client jupyter-console jupyter-core jupyter-server jupyterlab-server jupyter-contrib-nbextensions
jupyter-nbextensions-configurator nbclassic nbconvert nbformat ipykernel qtconsole widgetsnbextension jupyterlab-widgets jupytext voila
jupyterlab-git jupyterlab-lsp jupyter-lsp papermill nbclient spyder spyder-kernels
"""
_SERVING = """
streamlit flask fastapi uvicorn gunicorn gradio django dash bottle tornado starlette waitress hypercorn aiohttp-cors flask-cors flask-restful
flask-sqlalchemy flask-wtf djangorestframework python-multipart bentoml seldon-core mlserver litserve httptools uvloop jinja2 werkzeug
itsdangerous jsonify flasgger connexion sanic quart streamlit-option-menu chainlit telebot python-telegram-bot inference-schema
"""
_ORCHESTRATION = """
apache-airflow airflow apache-airflow-providers-postgres apache-airflow-providers-amazon apache-airflow-providers-google dagster dagit
dagster-webserver luigi celery kubernetes docker docker-compose kfp zenml-integrations flytekit mage-ai
"""
_CLOUD = """
azureml-sdk azureml-core azureml-defaults azureml-train azureml-pipeline azureml-mlflow azure-ai-ml azure-storage-blob azure-identity
azure-cli boto3 botocore s3fs gcsfs adlfs sagemaker google-cloud-storage google-cloud-bigquery google-cloud-aiplatform google-cloud-logging
google-cloud-secret-manager snowflake-connector-python databricks-cli databricks-connect databricks-sdk aws-cdk-lib pyathena kaggle
awswrangler google-api-python-client oauth2client dagshub dvc dvc-s3 dvc-gs dvc-gdrive dvc-azure dvc-ssh comet-ml neptune neptune-client
clearml wandb anyscale
"""
_HEAVY = """
torch torchvision torchaudio torchtext tensorflow keras jax jaxlib mxnet paddlepaddle pyspark h2o ray transformers spacy pycaret autogluon
fastai detectron2 deepspeed dask allennlp onnxruntime onnx openvino tensorboard great-expectations evidently langchain llama-index
prefect metaflow opencv-python-headless datasets gensim flair nltk mediapipe catboost xgboost lightgbm shap bokeh plotly tensorflow-hub
tensorflow-datasets tensorflow-text tfx apache-beam pandas-profiling ydata-profiling sweetviz autoviz lux-api prophet pystan cmdstanpy
selenium scrapy beautifulsoup4 pymongo psycopg2-binary mysqlclient mysql-connector-python cassandra-driver pyodbc openai anthropic
chromadb pinecone-client qdrant-client geopandas gdal pyqt5 wxpython kivy
"""
_GPU = re.compile(
    r"^(?:nvidia-.*|cupy.*|cudf.*|cuml.*|pycuda|tensorrt.*|torch-xla|apex|xformers|flash-attn|bitsandbytes|triton|onnxruntime-gpu|jax-cuda.*|"
    r"horovod|dali.*|numba-cuda|rapids.*|pynvml|gpustat|nvitop|mxnet-cu\d+|deepspeed)$"
)
_OTHER_SYSTEM_WORDS = """
pywin32 pywinpty pypiwin32 win32-setctime wincertstore windows-curses tensorflow-intel tensorflow-macos tensorflow-metal appnope
pyobjc pyreadline pyreadline3 comtypes pywin32-ctypes vs2015-runtime wmi tensorflow-io-gcs-filesystem mkl-fft mkl-random
mkl-service mkl intel-openmp tbb r jq
"""
_OTHER_SYSTEM = frozenset(_OTHER_SYSTEM_WORDS.split())
_STANDARD_WORDS = """
os sys json math random time datetime pathlib logging typing argparse collections itertools functools re csv pickle pickle5
pickle-mixin shutil glob copy string abc enum uuid hashlib io subprocess threading multiprocessing warnings traceback unittest
statistics sqlite3 urllib http socket asyncio dataclasses pathlib2 python-math zipfile zipfile36 os-sys futures enum34 argparse2
configparser tk tkinter distutils python pprint ast operator platform
"""
_STANDARD = frozenset(_STANDARD_WORDS.split())
_TOOL_FAMILY = re.compile(
    r"^(?:flake8|pytest|mkdocs|mkdocstrings|sphinx|sphinxcontrib|pylint|types|pre-commit|jupyter|jupyterlab|nbqa|pyright)-."
)
_TRANSITIVE_WORDS = """
appdirs asttokens attrs backcall blinker cached-property cachetools certifi cffi chardet charset-normalizer click colorama cryptography
cycler decorator defusedxml distlib entrypoints executing filelock fonttools gitdb google-auth google-auth-oauthlib idna
importlib-metadata importlib-resources ipython-genutils jedi jsonschema kiwisolver llvmlite markupsafe matplotlib-inline mistune more-itertools
oauthlib packaging pandocfilters parso pathtools pexpect pickleshare platformdirs pluggy prometheus-client prompt-toolkit ptyprocess
pure-eval pyasn1 pyasn1-modules pycparser pygments pyparsing pyrsistent python-dateutil pytz pyzmq requests-oauthlib rsa send2trash six
smmap soupsieve stack-data terminado testpath threadpoolctl tomli toml traitlets typing-extensions tzdata tzlocal urllib3 watchdog
wcwidth webencodings wrapt zipp contourpy terminaltables validators markdown-it-py mdurl greenlet mako pyopenssl pysocks wheel
"""
_TRANSITIVE = frozenset(_TRANSITIVE_WORDS.split())
"""Packages that others bring along; a pin of one that nothing imports is a written-down environment's."""
_KINDS = (
    (frozenset(_TOOLS.split()), "a tool of developers: tests, linters, documentation, packaging"),
    (frozenset(_NOTEBOOK.split()), "a notebook server or its parts: a kernel of the same time is added where a notebook is run"),
)
_UNLESS_IMPORTED = (
    (frozenset(_SERVING.split()), "serves or shows models; nothing that training runs imports it"),
    (frozenset(_ORCHESTRATION.split()), "schedules jobs; nothing that training runs imports it"),
    (_TRANSITIVE, "comes with the packages that need it, in the version they need"),
    (frozenset(_CLOUD.split()), "talks to a cloud or an account; nothing that training runs imports it"),
)


def always_needless(name: str) -> str:
    """Why training never needs a package; "" when it may."""
    if _GPU.match(name):
        return "a GPU build: there is no GPU here"
    if name in _OTHER_SYSTEM:
        return "for another system, or no Python package"
    if name in _STANDARD:
        return "part of Python itself"
    if reason := next((reason for names, reason in _KINDS if name in names), ""):
        return reason
    return _KINDS[0][1] if _TOOL_FAMILY.match(name) else ""


def needless_unless_imported(name: str, is_followed: bool) -> str:
    """Why a package is needless when nothing that training runs imports it; with `is_followed` false some import may be unseen."""
    reason = next((reason for names, reason in _UNLESS_IMPORTED if name in names), "")
    if not reason and (name.startswith("apache-airflow") or name.startswith("azureml-") or name.startswith("dvc-")):
        reason = _UNLESS_IMPORTED[1][1] if name.startswith("apache") else _UNLESS_IMPORTED[3][1]
    if not reason and is_followed and name in _HEAVY_NAMES:
        reason = "large, and nothing that training runs imports it"
    return reason


_HEAVY_NAMES = frozenset(_HEAVY.split())
