"""From what code imports to what PyPI calls it, and from names that are dead or wanted differently here to the living ones.

Two tables. The one below is ours: model libraries, names that changed hands, namespaces. `import_names.txt` is the public
table of pipreqs (Apache-2.0) for everything else; where neither has a name, PyPI's is taken to be the import's own.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from packaging.utils import canonicalize_name

IMPORTS = {
    "sklearn": "scikit-learn", "cv2": "opencv-python-headless", "PIL": "pillow", "yaml": "pyyaml", "skimage": "scikit-image",
    "bs4": "beautifulsoup4", "dateutil": "python-dateutil", "dotenv": "python-dotenv", "attr": "attrs", "umap": "umap-learn",
    "imblearn": "imbalanced-learn", "skopt": "scikit-optimize", "faiss": "faiss-cpu", "fbprophet": "prophet", "kerastuner": "keras-tuner",
    "keras_tuner": "keras-tuner", "tensorflow_hub": "tensorflow-hub", "tensorflow_datasets": "tensorflow-datasets",
    "tensorflow_addons": "tensorflow-addons", "tensorflow_probability": "tensorflow-probability", "tensorflow_text": "tensorflow-text",
    "tf_keras": "tf-keras", "tf_agents": "tf-agents", "tensorflow_model_optimization": "tensorflow-model-optimization",
    "torch_geometric": "torch-geometric", "torch_scatter": "torch-scatter", "torch_sparse": "torch-sparse",
    "pytorch_lightning": "pytorch-lightning", "lightning_fabric": "lightning", "lightning_utilities": "lightning-utilities",
    "pytorch_tabnet": "pytorch-tabnet", "segmentation_models_pytorch": "segmentation-models-pytorch", "ignite": "pytorch-ignite",
    "efficientnet_pytorch": "efficientnet-pytorch", "facenet_pytorch": "facenet-pytorch", "pytorch_metric_learning": "pytorch-metric-learning",
    "pytorch_forecasting": "pytorch-forecasting", "pytorch_transformers": "pytorch-transformers", "apex": "", "crf": "", "pl_bolts": "lightning-bolts",
    "sentence_transformers": "sentence-transformers", "huggingface_hub": "huggingface-hub", "flair": "flair", "sentencepiece": "sentencepiece",
    "rouge_score": "rouge-score", "sacrebleu": "sacrebleu", "Levenshtein": "levenshtein", "jellyfish": "jellyfish", "rapidfuzz": "rapidfuzz",
    "category_encoders": "category-encoders", "feature_engine": "feature-engine", "great_expectations": "great-expectations",
    "sksurv": "scikit-survival", "surprise": "scikit-surprise", "scikitplot": "scikit-plot", "skmultilearn": "scikit-multilearn",
    "skfuzzy": "scikit-fuzzy", "skfda": "scikit-fda", "skorch": "skorch", "skllm": "scikit-llm", "sklearn_crfsuite": "sklearn-crfsuite",
    "sklearn_pandas": "sklearn-pandas", "sklearn_extra": "scikit-learn-extra", "sklearnex": "scikit-learn-intelex", "sklego": "scikit-lego",
    "autosklearn": "auto-sklearn", "dtreeviz": "dtreeviz", "graphviz": "graphviz", "pydotplus": "pydotplus", "pydot": "pydot",
    "hydra": "hydra-core", "omegaconf": "omegaconf", "absl": "absl-py", "ml_collections": "ml-collections", "gin": "gin-config",
    "mpl_toolkits": "matplotlib", "matplotlib": "matplotlib", "pylab": "matplotlib", "jwt": "pyjwt", "git": "gitpython", "serial": "pyserial",
    "OpenSSL": "pyopenssl", "Crypto": "pycryptodome", "Cryptodome": "pycryptodomex", "MySQLdb": "mysqlclient", "psycopg2": "psycopg2-binary",
    "mysql": "mysql-connector-python", "docx": "python-docx", "pptx": "python-pptx", "fitz": "pymupdf", "PyPDF2": "pypdf2", "magic": "python-magic",
    "slugify": "python-slugify", "jose": "python-jose", "multipart": "python-multipart", "socketio": "python-socketio", "telegram": "python-telegram-bot",
    "usb": "pyusb", "wx": "wxpython", "gi": "pygobject", "igraph": "python-igraph", "community": "python-louvain", "Bio": "biopython",
    "rdkit": "rdkit", "ot": "pot", "talib": "ta-lib", "ta": "ta", "yfinance": "yfinance", "pandas_datareader": "pandas-datareader",
    "pandas_profiling": "pandas-profiling", "ydata_profiling": "ydata-profiling", "sweetviz": "sweetviz", "prettytable": "prettytable",
    "pandas_ta": "pandas-ta", "pandas_gbq": "pandas-gbq", "unidecode": "unidecode", "Unidecode": "unidecode", "nlpaug": "nlpaug",
    "textblob": "textblob", "en_core_web_sm": "", "en_core_web_md": "", "en_core_web_lg": "", "tables": "tables", "h5py": "h5py",
    "mlflow": "mlflow", "mlflow_skinny": "mlflow-skinny", "dvc": "dvc", "dvclive": "dvclive", "wandb": "wandb", "neptune": "neptune",
    "comet_ml": "comet-ml", "clearml": "clearml", "dagshub": "dagshub", "kedro_datasets": "kedro-datasets", "kedro_viz": "kedro-viz",
    "kedro_mlflow": "kedro-mlflow", "prefect": "prefect", "metaflow": "metaflow", "zenml": "zenml", "flytekit": "flytekit",
    "google.cloud.storage": "google-cloud-storage", "google.cloud.bigquery": "google-cloud-bigquery", "google.cloud.aiplatform": "google-cloud-aiplatform",
    "google.cloud.logging": "google-cloud-logging", "google.cloud.pubsub": "google-cloud-pubsub", "google.cloud.secretmanager": "google-cloud-secret-manager",
    "google.cloud": "google-cloud-storage", "google.protobuf": "protobuf", "google.auth": "google-auth", "google.oauth2": "google-auth",
    "google.api_core": "google-api-core", "google.colab": "", "google.generativeai": "google-generativeai", "google.genai": "google-genai",
    "googleapiclient": "google-api-python-client", "azureml": "azureml-core", "azureml.core": "azureml-core", "azure.storage": "azure-storage-blob",
    "azure.storage.blob": "azure-storage-blob", "azure.identity": "azure-identity", "azure.ai.ml": "azure-ai-ml", "azure.keyvault": "azure-keyvault-secrets",
    "azure": "azure-core", "ruamel.yaml": "ruamel-yaml", "ruamel": "ruamel-yaml", "snowflake.connector": "snowflake-connector-python",
    "snowflake": "snowflake-connector-python", "backports.zoneinfo": "", "zope.interface": "zope-interface", "boto": "boto",
    "tensorflow.examples": "tensorflow", "tensorflow": "tensorflow", "tensorflow_gpu": "tensorflow", "tensorboardX": "tensorboardx",
    "tensorboard": "tensorboard", "tflite_runtime": "tflite-runtime", "nvidia": "", "pycuda": "", "cupy": "", "cudf": "", "cuml": "",
    "tensorrt": "", "torch_xla": "", "triton": "", "pynvml": "nvidia-ml-py", "nvidia_smi": "nvidia-ml-py", "GPUtil": "gputil",
    "pkg_resources": "setuptools", "setuptools": "setuptools", "IPython": "ipython", "ipywidgets": "ipywidgets", "notebook": "",
    "gym": "gym", "gymnasium": "gymnasium", "atari_py": "atari-py", "stable_baselines3": "stable-baselines3", "pybullet_envs": "pybullet",
    "shap": "shap", "lime": "lime", "alibi_detect": "alibi-detect", "whylogs": "whylogs", "evidently": "evidently", "pyspark": "pyspark",
    "findspark": "findspark", "dask": "dask", "dask_ml": "dask-ml", "ray": "ray", "modin": "modin", "vaex": "vaex", "jpype": "jpype1",
    "whisper": "openai-whisper", "clip": "", "detectron2": "", "mmcv": "mmcv", "TTS": "tts", "fasttext": "fasttext-wheel",
    "haiku": "dm-haiku", "sonnet": "dm-sonnet", "tree": "dm-tree", "rlax": "rlax", "chex": "chex", "clu": "clu", "tensorflow_federated": "tensorflow-federated",
    "langchain_community": "langchain-community", "langchain_openai": "langchain-openai", "llama_index": "llama-index", "dash_bootstrap_components": "dash-bootstrap-components",
    "plotly": "plotly", "kaleido": "kaleido", "wordcloud": "wordcloud", "geopandas": "geopandas", "osgeo": "gdal", "fiona": "fiona", "shapely": "shapely",
    "pyemd": "pyemd", "pyreadr": "pyreadr", "pyarrow": "pyarrow", "feather": "feather-format", "lz4": "lz4", "snappy": "python-snappy",
    "kaggle": "kaggle", "kaggle_secrets": "", "kaggle_environments": "kaggle-environments", "opendatasets": "opendatasets", "ucimlrepo": "ucimlrepo",
    "from_root": "from-root", "docker": "docker", "box": "python-box", "ensure": "ensure", "pymongo": "pymongo", "certifi": "certifi", "decouple": "python-decouple",
    "pywt": "pywavelets", "soundfile": "soundfile", "librosa": "librosa", "python_speech_features": "python-speech-features", "speech_recognition": "speechrecognition",
    "pytorch_pretrained_bert": "pytorch-pretrained-bert", "keras_preprocessing": "keras-preprocessing", "keras_applications": "keras-applications",
    "keras_contrib": "", "lightgbm": "lightgbm", "xgboost": "xgboost", "catboost": "catboost", "ngboost": "ngboost", "vecstack": "vecstack",
    "boruta": "boruta", "BorutaShap": "borutashap", "minepy": "minepy", "pmdarima": "pmdarima", "tsfresh": "tsfresh", "statsmodels": "statsmodels",
    "u8darts": "darts", "darts": "darts", "gluonts": "gluonts", "neuralprophet": "neuralprophet", "hmmlearn": "hmmlearn", "pgmpy": "pgmpy",
    "causalml": "causalml", "econml": "econml", "dowhy": "dowhy", "patsy": "patsy", "linearmodels": "linearmodels", "factor_analyzer": "factor-analyzer",
    "utils": "", "config": "", "src": "", "data": "", "models": "", "model": "", "helper": "", "helpers": "", "lib": "", "common": "",
    "settings": "", "constants": "", "preprocessing": "", "train": "", "main": "", "app": "", "__main__": "", "core": "", "tools": "",
    "win32com": "", "win32api": "", "pywintypes": "", "winsound": "", "AppKit": "", "rpy2": "rpy2", "dbutils": "", "pyodbc": "pyodbc",
}  # fmt: skip
"""Empty: nothing that pip could bring here (a repository's own module that is missing, a platform's, a GPU's)."""
RENAMED = {
    "sklearn": "scikit-learn", "scikit-learn-gpu": "scikit-learn", "opencv": "opencv-python-headless", "cv2": "opencv-python-headless",
    "opencv-python": "opencv-python-headless", "opencv-contrib-python": "opencv-contrib-python-headless", "pil": "pillow",
    "bs4": "beautifulsoup4", "yaml": "pyyaml", "skimage": "scikit-image", "dotenv": "python-dotenv", "dateutil": "python-dateutil",
    "tensorflow-gpu": "tensorflow", "tf-nightly": "tensorflow", "tf-nightly-gpu": "tensorflow", "tensorflow-cpu": "tensorflow",
    "tensorflow-macos": "tensorflow", "intel-tensorflow": "tensorflow", "onnxruntime-gpu": "onnxruntime", "faiss-gpu": "faiss-cpu",
    "faiss": "faiss-cpu", "mxnet-cu101": "mxnet", "mxnet-cu102": "mxnet", "mxnet-cu110": "mxnet", "lightgbm-gpu": "lightgbm",
    "fbprophet": "prophet", "kerastuner": "keras-tuner", "attr": "attrs", "hydra": "hydra-core", "pytorch": "torch", "pytables": "tables",
    "google-cloud": "google-cloud-storage", "imblearn": "imbalanced-learn", "pycrypto": "pycryptodome", "psycopg2": "psycopg2-binary",
    "mysql-python": "mysqlclient", "python-opencv": "opencv-python-headless", "umap": "umap-learn", "skopt": "scikit-optimize",
    "fasttext": "fasttext-wheel", "jax-cuda": "jax", "spacy-nightly": "spacy", "pandas-profiling-lite": "pandas-profiling",
    "pyyml": "pyyaml", "tensorbord": "tensorboard", "matplot": "matplotlib", "sk-learn": "scikit-learn", "scikitlearn": "scikit-learn",
    "sci-kit-learn": "scikit-learn", "dm-sonnet-gpu": "dm-sonnet", "pytorch-gpu": "torch", "nvidia-tensorflow": "tensorflow",
}  # fmt: skip
"""Names that PyPI never had or that stand for something else there, windowed OpenCV, GPU builds."""

_SAME_VERSIONS_WORDS = """
opencv-python opencv-contrib-python tensorflow-gpu tensorflow-cpu tensorflow-macos intel-tensorflow onnxruntime-gpu psycopg2 lightgbm-gpu
mxnet-cu101 mxnet-cu102 mxnet-cu110 pytorch
"""
SAME_VERSIONS = frozenset(_SAME_VERSIONS_WORDS.split())
"""Renamed packages whose versions are those of the new name; of the others (`sklearn==0.0`) they mean nothing there."""


@cache
def _public() -> dict[str, str]:
    text = (files("tasks.rules.environment") / "import_names.txt").read_text(encoding="utf-8")
    return dict(line.split(":", 1) for line in text.splitlines() if line and not line.startswith("#"))


def package_of(module: str) -> str:
    """Normalised name on PyPI of an imported module, the longest known beginning deciding; "" when pip has none for it.

    >>> package_of("google.cloud.storage.blob"), package_of("yaml"), package_of("tqdm")
    ('google-cloud-storage', 'pyyaml', 'tqdm')
    """
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in IMPORTS:
            return IMPORTS[name]
        if name in _public():
            return renamed(_public()[name])
    return renamed(parts[0])


def is_known(module: str) -> bool:
    """Whether a table has the module: a guess by its own name may be anybody's package."""
    top = module.split(".")[0]
    return module in IMPORTS or top in IMPORTS or top in _public()


def renamed(name: str) -> str:
    """The living, CPU-only, windowless name of a package, normalised."""
    plain = canonicalize_name(name)
    return RENAMED.get(plain, plain)
