"""What a run asks of its surroundings: downloads, cloud services, databases, a GPU. Each at the call that asks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.evidence.launch.configured import configured_nodes
from tasks.evidence.launch.facts import Need, NeedKind
from tasks.evidence.place import place_in
from tasks.evidence.project.entrypoints.ground import Ground
from tasks.evidence.project.entrypoints.reach import Reach
from tasks.evidence.source import Call

NEEDS_LIMIT = 60
NEAR = 4
"""Calls from the start beyond which the call graph, which errs on the side of reaching, is no proof."""

_SURE: tuple[tuple[NeedKind, str, re.Pattern[str]], ...] = (
    ("download", "torchvision data", re.compile(r"^torchvision\.datasets\.(?:\w+\.)*(?!ImageFolder|DatasetFolder|FakeData)[A-Z]\w+$")),
    ("download", "torchtext or torchaudio data", re.compile(r"^torch(?:text|audio)\.(?:legacy\.)?datasets\.\w+")),
    ("download", "torch_geometric data", re.compile(r"^torch_geometric\.datasets\.[A-Z]\w+$")),
    ("download", "Keras data", re.compile(r"^(?:tensorflow\.)?(?:python\.)?keras\.(?:api\.)?datasets\.\w+\.load_data$")),
    ("download", "a file for Keras", re.compile(r"^(?:tensorflow\.)?(?:python\.)?keras\.(?:api\.)?utils\.get_file$")),
    ("download", "TensorFlow Datasets", re.compile(r"^tensorflow_datasets\.(?:load|builder|data_source)$")),
    ("download", "TensorFlow Hub", re.compile(r"^tensorflow_hub\.(?:load|KerasLayer)$")),
    ("download", "Hugging Face data", re.compile(r"^(?:datasets|nlp)\.(?:load\.)?load_dataset(?:_builder)?$")),
    ("download", "a Hugging Face model", re.compile(r"^transformers\..*(?:from_pretrained|pipeline)$|^sentence_transformers\.SentenceTransformer$|^diffusers\..*from_pretrained$")),
    ("download", "Hugging Face files", re.compile(r"^huggingface_hub\.(?:hf_hub_download|snapshot_download)$")),
    ("download", "pretrained weights", re.compile(r"^torch\.hub\.load|^open_clip\.create_model|^clip\.load$|^gensim\.downloader\.load$")),
    ("download", "scikit-learn data", re.compile(r"^sklearn\.datasets\.fetch_\w+$")),
    ("download", "OpenML data", re.compile(r"^openml\.\w+\.get_\w+$")),
    ("download", "seaborn data", re.compile(r"^seaborn\.load_dataset$")),
    ("download", "data of the UCI repository", re.compile(r"^ucimlrepo\.fetch_ucirepo$")),
    ("download", "NLTK data", re.compile(r"^nltk\.download$")),
    ("download", "data of the Open Graph Benchmark", re.compile(r"^ogb\.\w+\.\w*Dataset$")),
    ("download", "a file of Google Drive", re.compile(r"^gdown\.\w+$")),
    ("download", "prices of Yahoo Finance", re.compile(r"^yfinance\.(?:download|Ticker)$|^pandas_datareader\.")),
    ("download", "a file", re.compile(r"^(?:urllib\.request|urllib|six\.moves\.urllib\.request)\.urlretrieve$|^wget\.download$|^pooch\.retrieve$")),
    ("download", "a Kaggle data set", re.compile(r"^kagglehub\.\w+$|^opendatasets\.download$|^kaggle\.api\.")),
    ("cloud", "Azure ML", re.compile(r"^azureml\.|^azure\.ai\.ml\.")),
    ("cloud", "SageMaker", re.compile(r"^sagemaker\.(?!serialize|deserialize)")),
    ("cloud", "Google Colab", re.compile(r"^google\.colab\.drive\.mount$|^kaggle_secrets\.")),
    ("cloud", "Vertex AI or BigQuery", re.compile(r"^google\.cloud\.(?:aiplatform|bigquery)\.|^vertexai\.|^pandas(?:_gbq)?\.read_gbq$")),
    ("cloud", "Databricks", re.compile(r"^databricks\.|^pyspark\.dbutils\.|^dbutils\.")),
    ("cloud", "Anyscale", re.compile(r"^anyscale\.")),
    ("cloud", "Hopsworks", re.compile(r"^hopsworks\.login$|^hsfs\.connection$")),
    ("cloud", "Snowflake", re.compile(r"^snowflake\.")),
    ("cloud", "Kubeflow", re.compile(r"^kfp\.Client$")),
    ("database", "a database", re.compile(
        r"^(?:psycopg2|psycopg|pymysql|MySQLdb|mysql\.connector|cx_Oracle|oracledb|pyodbc|clickhouse_driver)\.(?:connect|Client)$|"
        r"^pymongo\.(?:MongoClient|mongo_client\.MongoClient)$|^elasticsearch\.Elasticsearch$|^cassandra\.cluster\.Cluster$")),
)  # fmt: skip
_PERHAPS: tuple[tuple[NeedKind, str, re.Pattern[str]], ...] = (
    ("download", "an address", re.compile(r"^requests\.get$|^(?:six\.moves\.)?(?:urllib\.request|urllib)\.urlopen$")),
    ("cloud", "AWS", re.compile(r"^boto3\.(?:client|resource|Session|session)")),
    ("cloud", "Google Cloud", re.compile(r"^google\.cloud\.storage\.|^gcsfs\.")),
    ("cloud", "Azure", re.compile(r"^azure\.(?:identity|storage)\.")),
    ("login", "an experiment tracker", re.compile(r"^comet_ml\.(?:Experiment|init|start|login)$|^neptune(?:\.new)?\.(?:init|init_run|Run)$|"
                                                  r"^(?:clearml|trains)\.Task\.init$|^dagshub\.(?:init|auth\.\w+|login)$|^wandb\.login$")),
    ("gpu", "CUDA", re.compile(r"^torch\.cuda\.set_device$|^pycuda\.|^cupy\.|^cudf\.|^cuml\.|^nvidia\.dali|\.cuda$")),
)  # fmt: skip
_GPU_ONLY = re.compile(r"^(?:cudf|cuml|cupy|pycuda|nvidia\.dali)\.")
_QUANTIZED = re.compile(r"\bload_in_[48]bit=True\b")
"""Weights in 4 or 8 bits are a matter of CUDA kernels."""
_FLASH = re.compile(r"^(?:flash_attn|unsloth|vllm|bitsandbytes)\.")
_CHANNEL = re.compile(r"^['\"](?:SM_CHANNEL_\w{1,40}|AIP_(?:TRAINING|VALIDATION)_DATA_URI)['\"]$")
"""Variables through which a training service hands over the data."""
_ENVIRONMENT = re.compile(r"^os\.(?:environ\.get|getenv)$")
_NO_DOWNLOAD = re.compile(r"(?i)download=False|local_files_only=True|pretrained=False|weights=None")
_WEIGHTS = re.compile(r"^(?:torchvision\.models\.\w+|timm\.create_model|segmentation_models_pytorch\.\w+)$")
_KERAS_WEIGHTS = re.compile(r"^(?:tensorflow\.)?keras\.applications\.(?:\w+\.)?[A-Z]\w+$")
_READS = re.compile(r"^(?:pandas|polars)\.(?:read|scan)_\w+$|^(?:numpy)\.(?:loadtxt|genfromtxt)$")
_REMOTE = re.compile(r"^['\"](?:https?|ftp)://")
_BUCKET = re.compile(r"^['\"](?:s3a?|gs|wasbs?|abfss?|hdfs|dbfs)://")
_LOCAL_FORMATS = ("csv", "json", "text", "parquet", "arrow", "imagefolder", "audiofolder", "pandas")
_LOOKS = re.compile(r"(?:^|\.)(?:exists|isfile|is_file|isdir|is_dir)$")


def find_needs(ground: Ground, path: str, reach: Reach) -> tuple[Need, ...]:
    """Each kind and name once, at the first call that a run passes, nearest first; with what its configuration instantiates."""
    found: dict[tuple[str, str], Need] = {}
    nodes = [(n, hops) for n, hops in sorted(reach.hops.items(), key=lambda item: (item[1], item[0]))]
    nodes += [(n, 1) for n in configured_nodes(ground, path, reach)]
    looks_for_gpu = any(c.attribute in ("is_available", "device_count") for node, _ in nodes for c in ground.graph.calls_at(node))
    for node, hops in nodes:
        calls = ground.graph.calls_at(node)
        guarded = any(_LOOKS.search(c.name) for c in calls)
        for call in calls:
            for kind, what, sure in _needs_of(ground, call):
                if (kind, what) in found or len(found) >= NEEDS_LIMIT or (kind == "gpu" and looks_for_gpu and not sure):
                    continue
                place = place_in(ground.snapshot, node[0], call.line)
                found[kind, what] = Need(kind=kind, what=what, certain=sure and hops <= NEAR, guarded=guarded, place=place)
    if "SageMaker" not in {n.what for n in found.values()} and (mount := _mount(ground, path, reach)):
        found["cloud", "SageMaker"] = mount
    return tuple(found.values())


def _mount(ground: Ground, path: str, reach: Reach) -> Need | None:
    """A folder that exists in a container of SageMaker alone."""
    for file in (path, *sorted(reach.files - {path})):
        for text, line in ground.sources[file].strings if file in ground.sources else ():
            if text.startswith("/opt/ml/"):
                return Need(kind="cloud", what="SageMaker", place=place_in(ground.snapshot, file, line))
    return None


def _needs_of(ground: Ground, call: Call) -> Iterator[tuple[NeedKind, str, bool]]:
    words = " ".join([*call.args, *(f"{k}={v}" for k, v in call.keywords.items())])
    if _NO_DOWNLOAD.search(words) or _is_local(ground, call):
        return
    if _READS.match(call.name) and call.args:
        if _REMOTE.match(call.args[0]):
            yield "download", call.args[0].strip("'\"")[:100], True
        elif _BUCKET.match(call.args[0]):
            yield "cloud", call.args[0].strip("'\"")[:100], True
        return
    if _WEIGHTS.match(call.name) and ("pretrained=True" in words or re.search(r"weights=(?!None)", words)):
        yield "download", "pretrained weights", True
    if _KERAS_WEIGHTS.match(call.name) and call.keywords.get("weights", "'imagenet'").strip("'\"") == "imagenet":
        yield "download", "pretrained weights", True
    if call.name == "feast.FeatureStore" and (provider := _feature_store(ground)):
        yield "cloud", f"the feature store's provider, {provider}", True
    if _QUANTIZED.search(words) or _FLASH.match(call.name):
        yield "gpu", "a GPU for a large language model", True
    if _ENVIRONMENT.match(call.name) and len(call.args) == 1 and not call.keywords and _CHANNEL.match(call.args[0]):
        yield "cloud", "SageMaker or Vertex AI, which hand over the data", True
    for table, sure in ((_SURE, True), (_PERHAPS, False)):
        for kind, what, pattern in table:
            if pattern.search(call.name):
                yield kind, what, sure or _GPU_ONLY.match(call.name) is not None
                return


def _feature_store(ground: Ground) -> str:
    """The cloud that a `feature_store.yaml` names, empty for a local store."""
    for path in ground.snapshot.own:
        if path.endswith(("feature_store.yaml", "feature_store.yml")) and (
            match := re.search(r"(?m)^provider:\s{0,9}(aws|gcp|azure)\b", (ground.snapshot.text(path) or "")[:20_000])
        ):
            return match.group(1)
    return ""


def _is_local(ground: Ground, call: Call) -> bool:
    """A loader that is handed a folder or file of the repository, or a format to read files with."""
    first = call.args[0].strip("'\"") if call.args and call.args[0][:1] in "'\"" else ""
    if call.name.endswith("load_dataset") and first in _LOCAL_FORMATS:
        return True
    name = first.removeprefix("./").rstrip("/")
    return (
        bool(name) and "/" in first and "://" not in first and any(p == name or p.startswith(name + "/") for p in ground.snapshot.entries)
    )
