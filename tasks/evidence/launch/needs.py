"""What a run asks of its surroundings: downloads, cloud services, logins, databases, a GPU, variables of the environment."""

from __future__ import annotations

import re

from tasks.evidence.launch.facts import Need, NeedKind
from tasks.evidence.place import place_in
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.reach import IMPORT, RUN, Reach
from tasks.evidence.source import Call

NEEDS_LIMIT = 60
_CALLS: tuple[tuple[NeedKind, str, re.Pattern[str]], ...] = (
    ("download", "torchvision data", re.compile(r"^torchvision\.datasets\.(?:\w+\.)*(?!ImageFolder|DatasetFolder|FakeData)[A-Z]\w+$")),
    ("download", "torchtext or torchaudio data", re.compile(r"^torch(?:text|audio)\.(?:legacy\.)?datasets\.\w+")),
    ("download", "torch_geometric data", re.compile(r"^torch_geometric\.datasets\.[A-Z]\w+$")),
    ("download", "Keras data", re.compile(r"^(?:tensorflow\.|tf\.)?(?:python\.)?keras\.(?:api\.)?datasets\.\w+\.load_data$")),
    ("download", "Keras weights", re.compile(r"^(?:tensorflow\.|tf\.)?(?:python\.)?keras\.(?:api\.)?utils\.get_file$")),
    ("download", "TensorFlow Datasets", re.compile(r"^tensorflow_datasets\.(?:load|builder|data_source)$")),
    ("download", "TensorFlow Hub", re.compile(r"^tensorflow_hub\.(?:load|KerasLayer)$")),
    ("download", "Hugging Face data", re.compile(r"^(?:datasets|nlp)\.(?:load\.)?load_dataset(?:_builder)?$")),
    ("download", "Hugging Face model", re.compile(r"^(?:transformers|sentence_transformers|diffusers|timm)\..*(?:from_pretrained|pipeline|SentenceTransformer)$")),
    ("download", "Hugging Face files", re.compile(r"^huggingface_hub\.(?:hf_hub_download|snapshot_download|login)$")),
    ("download", "pretrained weights", re.compile(r"^torch\.hub\.load|^timm\.create_model$|^open_clip\.create_model|^clip\.load$|^gensim\.downloader\.load$")),
    ("download", "scikit-learn data", re.compile(r"^sklearn\.datasets\.fetch_\w+$")),
    ("download", "OpenML", re.compile(r"^openml\.\w+\.get_\w+$")),
    ("download", "seaborn data", re.compile(r"^seaborn\.load_dataset$")),
    ("download", "UCI repository", re.compile(r"^ucimlrepo\.fetch_ucirepo$")),
    ("download", "NLTK data", re.compile(r"^nltk\.download$")),
    ("download", "Open Graph Benchmark", re.compile(r"^ogb\.\w+\.\w*Dataset$")),
    ("download", "Google Drive", re.compile(r"^gdown\.\w+$")),
    ("download", "Yahoo Finance", re.compile(r"^yfinance\.(?:download|Ticker)$|^pandas_datareader\.")),
    ("download", "an address", re.compile(r"^(?:urllib\.request|urllib|six\.moves\.urllib\.request)\.(?:urlretrieve|urlopen)$|^wget\.download$|^requests\.(?:get|post)$|^pooch\.")),
    ("cloud", "Azure ML", re.compile(r"^azureml\.|^azure\.(?:ai\.ml|identity|storage)\.")),
    ("cloud", "SageMaker", re.compile(r"^sagemaker\.")),
    ("cloud", "AWS", re.compile(r"^boto3\.(?:client|resource|Session|session)")),
    ("cloud", "Google Cloud", re.compile(r"^google\.cloud\.|^google\.colab\.|^googleapiclient\.|^gcsfs\.|^vertexai\.")),
    ("cloud", "Databricks", re.compile(r"^databricks\.|^pyspark\.dbutils\.|^dbutils\.")),
    ("cloud", "Kaggle", re.compile(r"^kaggle\.|^kaggle_secrets\.|^kagglehub\.|^opendatasets\.")),
    ("cloud", "Anyscale", re.compile(r"^anyscale\.")),
    ("cloud", "Hopsworks", re.compile(r"^hopsworks\.(?:login|connection)|^hsfs\.")),
    ("cloud", "Snowflake", re.compile(r"^snowflake\.")),
    ("cloud", "Kubeflow", re.compile(r"^kfp\.(?:Client|client)")),
    ("cloud", "Comet", re.compile(r"^comet_ml\.(?:Experiment|init|start|login)$")),
    ("cloud", "Neptune", re.compile(r"^neptune(?:\.new)?\.(?:init|init_run|Run)$")),
    ("cloud", "ClearML", re.compile(r"^(?:clearml|trains)\.Task\.init$")),
    ("cloud", "Feast online store", re.compile(r"^feast\.FeatureStore$")),
    ("cloud", "DagsHub", re.compile(r"^dagshub\.(?:init|auth\.\w+|login)$")),
    ("cloud", "a remote model", re.compile(r"^(?:openai|anthropic|cohere|together|groq)\.(?:OpenAI|Anthropic|Client|ChatCompletion)")),
    ("database", "a database", re.compile(
        r"^(?:psycopg2|psycopg|pymysql|MySQLdb|mysql\.connector|cx_Oracle|oracledb|pyodbc|snowflake\.connector|redis|clickhouse_driver)\.(?:connect|Redis|Client|StrictRedis)$|"
        r"^pymongo\.(?:MongoClient|mongo_client\.MongoClient)$|^elasticsearch\.Elasticsearch$|^influxdb(?:_client)?\.\w+Client$|^cassandra\.cluster\.Cluster$")),
    ("gpu", "CUDA", re.compile(r"\.cuda$|^torch\.cuda\.(?:set_device|synchronize)$|^pycuda\.|^cupy\.|^cudf\.|^cuml\.|^nvidia\.dali")),
    ("gpu", "several processes with GPUs", re.compile(r"^torch\.distributed\.init_process_group$|^apex\.|^deepspeed\.initialize$")),
)  # fmt: skip
_GUARD_WORDS = re.compile(r"(?i)download\s*=\s*False|local_files_only")
_DATA_READ = re.compile(r"^(?:pandas|polars|pd)\.read_\w+$|^(?:numpy|np)\.(?:loadtxt|genfromtxt)$")
_REMOTE = re.compile(r"^['\"](?:https?|ftp)://")
_BUCKET = re.compile(r"^['\"](?:s3a?|gs|wasbs?|abfss?|hdfs|dbfs)://")


def find_needs(ground: Ground, path: str, reach: Reach) -> tuple[Need, ...]:
    """Each kind and name once, at the first call that a run passes, nearest first."""
    found: dict[tuple[str, str], Need] = {}
    for node, _ in sorted(reach.hops.items(), key=lambda item: (item[1], item[0])):
        for call in ground.graph.calls_at(node):
            for kind, what in _needs_of(ground, node[0], call):
                key = (kind, what)
                if key not in found and len(found) < NEEDS_LIMIT:
                    certain = node[1] in (RUN, IMPORT, "main") or bool(reach.hops[node] <= 4)
                    place = place_in(ground.snapshot, node[0], call.line)
                    found[key] = Need(kind=kind, what=what, certain=certain, place=place)
    return tuple(found.values())


def _needs_of(ground: Ground, path: str, call: Call) -> list[tuple[NeedKind, str]]:
    words = " ".join([*call.args, *(f"{k}={v}" for k, v in call.keywords.items())])
    if _GUARD_WORDS.search(words):
        return []
    if _DATA_READ.match(call.name) and call.args:
        if _REMOTE.match(call.args[0]):
            return [("download", call.args[0].strip("'\"")[:100])]
        if _BUCKET.match(call.args[0]):
            return [("cloud", call.args[0].strip("'\"")[:100])]
    return [(kind, _say(kind, what, call)) for kind, what, pattern in _CALLS if pattern.search(call.name)][:1] + _variables(path, call)


def _say(kind: str, what: str, call: Call) -> str:
    return f"{what} ({call.name.rsplit('.', 1)[-1]})" if kind == "download" else what


def _variables(path: str, call: Call) -> list[tuple[NeedKind, str]]:
    return []
