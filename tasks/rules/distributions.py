"""Which entries of a dependency file bring an imported library: distributions and modules are often named differently."""

from __future__ import annotations

import re

_OTHER_NAMES: dict[str, str] = {
    "sklearn": "scikit-learn scikit-learn-intelex",
    "torch": "pytorch pytorch-cpu pytorch-gpu torch-cpu",
    "tensorflow": "tensorflow-cpu tensorflow-gpu tensorflow-macos tensorflow-intel tf-nightly tensorflow-base",
    "keras": "tensorflow tensorflow-cpu tensorflow-gpu tf-keras keras-gpu",
    "lightning": "pytorch-lightning",
    "pytorch_lightning": "lightning",
    "imblearn": "imbalanced-learn",
    "skopt": "scikit-optimize",
    "keras_tuner": "keras-tuner",
    "gym": "gymnasium",
    "spacy": "spacy-nightly",
    "haiku": "dm-haiku",
    "sonnet": "dm-sonnet",
    "paddle": "paddlepaddle paddlepaddle-gpu",
    "mxnet": "mxnet-cu101 mxnet-cu110 mxnet-mkl",
    "umap": "umap-learn",
    "surprise": "scikit-surprise",
    "prophet": "fbprophet",
    "darts": "u8darts",
    "sksurv": "scikit-survival",
    "autosklearn": "auto-sklearn",
    "faiss": "faiss-cpu faiss-gpu",
    "ignite": "pytorch-ignite",
    "torch_geometric": "torch-geometric pyg",
    "pyro": "pyro-ppl",
    "pymc": "pymc3",
    "whisper": "openai-whisper",
    "tflite": "tflite-runtime tensorflow",
    "onnxruntime": "onnxruntime-gpu",
    "xgboost": "py-xgboost py-xgboost-cpu py-xgboost-gpu xgboost-cpu",
    "h2o": "h2o-pysparkling",
    "google_generativeai": "google-generativeai google-genai",
    "mmcv": "mmcv-full openmim",
    "dopamine": "dopamine-rl",
    "tf_agents": "tf-agents",
    "fasttext": "fasttext-wheel",
    "apex": "nvidia-apex",
    "datasets": "evaluate",
    "dgl": "dgl-cu101 dgl-cu110 dgl-cu113",
    "ray": "anyscale",
}
"""Beside the library's own name."""
_BROUGHT_BY: dict[str, str] = {
    "torch": "torchvision pytorch-lightning lightning fastai ultralytics sentence-transformers timm accelerate",
    "sklearn": "imbalanced-learn lightgbm mlxtend shap sentence-transformers pycaret feature-engine category-encoders yellowbrick mlflow nolearn skorch autogluon",
    "datasets": "evaluate setfit",
    "transformers": "sentence-transformers peft trl setfit",
    "tokenizers": "transformers",
    "tensorflow": "tensorflow-datasets tfx",
    "statsmodels": "pmdarima category-encoders feature-engine sktime darts",
    "nltk": "textblob",
    "keras": "tensorflow",
    "torchmetrics": "pytorch-lightning lightning",
    "jax": "flax optax dm-haiku",
    "optax": "flax",
    "langchain": "langchain-community langchain-openai langchain-core",
}
"""Distributions that install it as their own dependency: not tidy, but it is there."""
NOT_INSTALLABLE: dict[str, str] = {
    "sklearn": "scikit-learn",
    "pil": "pillow",
    "opencv": "opencv-python",
    "cv2": "opencv-python",
    "skimage": "scikit-image",
    "bs4": "beautifulsoup4",
    "dotenv": "python-dotenv",
    "yaml": "pyyaml",
    "pickle": "",
    "json": "",
    "os": "",
    "tkinter": "",
    "python": "",
}
"""Names that pip refuses or that bring something else, with the right one; empty for what comes with Python. In a conda
file `python` is right, so only pip's own files are judged."""


def normalised(name: str) -> str:
    """A distribution's name as package indexes compare it (PEP 503).

    >>> normalised("Scikit_Learn")
    'scikit-learn'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def brings(framework: str, declared: frozenset[str]) -> bool:
    """Whether one of the declared, normalised names installs the framework."""
    own = normalised(framework)
    accepted = {own, *_OTHER_NAMES.get(framework, "").split(), *_BROUGHT_BY.get(framework, "").split()}
    return bool(accepted & declared) or any(name.startswith(f"{own}-") for name in declared)
