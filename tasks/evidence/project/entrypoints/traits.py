"""What a piece of code does with a model: judges it, loads it, asks it, saves it, serves it."""

from __future__ import annotations

import re

from tasks.evidence.deployment.services import CONSTRUCTORS, LOADERS
from tasks.evidence.source import Call, SourceFile

_METRIC_NAME = re.compile(
    r"^(?:sklearn\.metrics|torchmetrics|seqeval|surprise\.accuracy|jiwer|sacrebleu|rouge\w*|bert_score|ragas|deepeval)\.|"
    r"(?:^|[._])(?:accuracy|f1|auc|r2|mse|rmse|mae|bleu|rouge|wer|precision|recall|silhouette|roc_auc|balanced_accuracy)_?(?:score|error)?$|"
    r"(?:^|\.)(?:MAE|MSE|RMSE|MAPE|metric|compute_metrics|dice_coeff?|mean_iou)$|(?:mean_\w+_error|classification_report|confusion_matrix|log_loss|_score|_metrics?|perplexity)$|^evaluate\.load$|load_metric$"
)
_NOT_METRIC = re.compile(
    r"(?:modify_score|make_scorer|\.pairwise\.\w+|cosine_similarity|pairwise_distances|log_metrics?|set_metrics?|get_metrics?|add_metrics?|best_score|cross_val_score|update_metrics?|save_metrics?|z_score)$"
)
_JUDGING = frozenset(["evaluate", "evaluate_model", "test_step", "validate", "evaluate_generator", "eval_model"])
_PREDICTING = frozenset(
    [
        "predict",
        "predict_proba",
        "predict_generator",
        "generate",
        "infer",
        "inference",
        "predict_classes",
        "predict_step",
        "transcribe",
        "predictions",
        "invoke",
    ]
)
_SAVING = re.compile(
    r"^(?:joblib|pickle|dill|cloudpickle)\.dump$|^torch\.save$|(?:^|\.)(?:save_model|save_pretrained|log_model|save_weights|save_checkpoint|export_model)$"
)
_LOADING = re.compile(r"^load_(?:variables|params|pretrained\w*|ckpt|(?:\w{1,20}_)?model\w*|checkpoint\w*)$")
SAMPLES = re.compile(r"torch\.load|:forward\(|loadModel|load_model|readRDS|BSON\.load|\bpredict\(")
"""Text by which R, Julia and Lua files load or ask a model."""
_LANGUAGE_MODELS = [
    "openai",
    "anthropic",
    "langchain",
    "langchain_openai",
    "langchain_core",
    "langchain_community",
    "langgraph",
    "llama_index",
    "groq",
    "cohere",
    "google.generativeai",
    "google.genai",
    "ollama",
    "litellm",
    "mistralai",
    "dspy",
    "vertexai",
    "replicate",
    "chainlit",
    "huggingface_hub",
    "together",
    "crewai",
    "haystack",
    "semantic_kernel",
    "autogen",
    "smolagents",
]
_PLATFORMS = ("azureml", "azure.ai.ml", "sagemaker", "google.cloud.aiplatform", "kfp", "databricks", "pyspark.dbutils")
_SCHEDULERS = ("airflow", "dagster", "luigi")


def judges(call: Call) -> bool:
    """Computes a metric or evaluates a model."""
    if _NOT_METRIC.search(call.name):
        return False
    if call.attribute in _JUDGING and "." in call.name and not call.name.startswith(("df.", "pandas.")):
        return True
    if call.attribute in ("test", "validate") and ("trainer" in call.name.lower() or (call.receiver or "").endswith("Trainer")):
        return True
    if call.attribute == "score" and "." in call.name and len(call.args) >= 2:
        return True
    return bool(_METRIC_NAME.search(call.name))


def loads(call: Call) -> bool:
    """Brings a fitted model into memory."""
    if call.name in LOADERS or call.attribute in (
        "from_pretrained",
        "load_from_checkpoint",
        "load_state_dict",
        "load_weights",
        "load_checkpoint",
    ):
        return True
    if _LOADING.match(call.attribute) and "." in call.name:
        return True
    return call.attribute in ("load_model", "latest_checkpoint", "restore_checkpoint", "load_learner", "from_checkpoint") or (
        call.attribute == "restore" and "." in call.name
    )


def predicts(call: Call) -> bool:
    """Asks a model; a flax network is asked by `apply` with its variables."""
    if call.attribute == "apply" and call.args and call.args[0].rsplit("_", 1)[-1] in ("variables", "params"):
        return True
    return call.attribute in _PREDICTING and "." in call.name and not call.name.startswith(("uuid", "secrets"))


def saves(call: Call) -> bool:
    return bool(_SAVING.search(call.name))


def of_call(call: Call) -> list[str]:
    """`judges`, `loads`, `predicts`, `saves`."""
    checks = (("judges", judges), ("loads", loads), ("predicts", predicts), ("saves", saves))
    return [name for name, check in checks if check(call)]


def asks_language_model(source: SourceFile) -> bool:
    return source.imported(*_LANGUAGE_MODELS)


def needs_platform(source: SourceFile) -> bool:
    """A cloud's machine learning service."""
    return source.imported(*_PLATFORMS)


def is_scheduled(source: SourceFile) -> bool:
    """A definition that a scheduler's server runs, not a person."""
    return source.imported(*_SCHEDULERS)


def is_web_app(source: SourceFile) -> bool:
    return any(c.name in CONSTRUCTORS or c.name.startswith(("streamlit.", "gradio.")) for c in source.calls) or source.imported(
        "streamlit", "gradio"
    )
