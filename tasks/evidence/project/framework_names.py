"""Names of machine-learning libraries: what is imported, and what the field calls it."""

from __future__ import annotations

PYTHON = {
    "sklearn": "sklearn", "torch": "torch", "torchvision": "torchvision", "torchtext": "torchtext", "torchaudio": "torchaudio",
    "torchmetrics": "torchmetrics", "torch_geometric": "torch_geometric", "tensorflow": "tensorflow",
    "tensorflow_datasets": "tensorflow_datasets",
    "tensorflow_text": "tensorflow_text", "tensorflow_hub": "tensorflow_hub", "tensorflow_probability": "tensorflow_probability",
    "tensorflow_addons": "tensorflow_addons", "tflite_runtime": "tflite", "tfx": "tfx", "keras": "keras", "tf_keras": "keras",
    "keras_tuner": "keras_tuner", "kerastuner": "keras_tuner", "keras_core": "keras", "xgboost": "xgboost", "lightgbm": "lightgbm",
    "catboost": "catboost", "jax": "jax", "flax": "flax", "optax": "optax", "haiku": "haiku", "trax": "trax", "equinox": "equinox",
    "transformers": "transformers", "pytorch_transformers": "transformers", "pytorch_pretrained_bert": "transformers",
    "datasets": "datasets", "tokenizers": "tokenizers", "evaluate": "evaluate", "tiktoken": "tiktoken", "peft": "peft",
    "accelerate": "accelerate", "diffusers": "diffusers", "trl": "trl", "bitsandbytes": "bitsandbytes", "deepspeed": "deepspeed",
    "sentence_transformers": "sentence_transformers", "setfit": "setfit", "statsmodels": "statsmodels", "fastai": "fastai",
    "pytorch_lightning": "pytorch_lightning", "lightning": "lightning", "lightning_fabric": "lightning", "ignite": "ignite",
    "mxnet": "mxnet", "gluoncv": "mxnet", "paddle": "paddle", "dgl": "dgl", "timm": "timm", "ray": "ray", "snorkel": "snorkel",
    "nltk": "nltk", "spacy": "spacy", "gensim": "gensim", "flair": "flair", "allennlp": "allennlp", "stanza": "stanza",
    "fairseq": "fairseq", "hyperopt": "hyperopt", "optuna": "optuna", "skopt": "skopt", "imblearn": "imblearn", "shap": "shap",
    "lime": "lime", "cvxopt": "cvxopt", "gym": "gym", "gymnasium": "gymnasium", "stable_baselines3": "stable_baselines3",
    "stable_baselines": "stable_baselines", "autogluon": "autogluon", "pycaret": "pycaret", "h2o": "h2o", "tpot": "tpot",
    "flaml": "flaml", "autosklearn": "autosklearn", "feature_engine": "feature_engine", "featuretools": "featuretools",
    "category_encoders": "category_encoders", "pyspark": "pyspark", "sparknlp": "sparknlp", "prophet": "prophet",
    "fbprophet": "prophet", "neuralprophet": "neuralprophet", "pmdarima": "pmdarima", "darts": "darts", "sktime": "sktime",
    "gluonts": "gluonts", "statsforecast": "statsforecast", "mlforecast": "mlforecast", "tslearn": "tslearn", "tsfresh": "tsfresh",
    "ultralytics": "ultralytics", "detectron2": "detectron2", "mmcv": "mmcv", "mmdet": "mmdet", "mmengine": "mmengine",
    "segmentation_models_pytorch": "segmentation_models_pytorch", "albumentations": "albumentations", "imgaug": "imgaug",
    "kornia": "kornia", "monai": "monai", "facenet_pytorch": "facenet_pytorch", "deepface": "deepface",
    "face_recognition": "face_recognition", "mediapipe": "mediapipe", "dlib": "dlib", "easyocr": "easyocr",
    "onnx": "onnx", "onnxruntime": "onnxruntime", "openvino": "openvino", "coremltools": "coremltools", "tensorrt": "tensorrt",
    "sagemaker": "sagemaker", "reclist": "reclist", "cleanlab": "cleanlab", "horovod": "horovod", "surprise": "surprise",
    "implicit": "implicit", "lightfm": "lightfm", "recbole": "recbole", "hmmlearn": "hmmlearn", "lifelines": "lifelines",
    "sksurv": "sksurv", "umap": "umap", "hdbscan": "hdbscan", "pymc": "pymc", "pymc3": "pymc", "pyro": "pyro", "numpyro": "numpyro",
    "tensorflow_federated": "tensorflow_federated", "tf_agents": "tf_agents", "dopamine": "dopamine", "theano": "theano",
    "chainer": "chainer", "caffe": "caffe", "tflearn": "tflearn", "tensorlayer": "tensorlayer", "sonnet": "sonnet", "thinc": "thinc",
    "fasttext": "fasttext", "whisper": "whisper", "speechbrain": "speechbrain", "TTS": "tts", "skorch": "skorch",
    "tensorflow_model_analysis": "tensorflow_model_analysis", "tensorflow_transform": "tensorflow_transform", "cuml": "cuml",
    "mlxtend": "mlxtend", "yellowbrick": "yellowbrick", "eli5": "eli5", "interpret": "interpret", "dalex": "dalex", "alibi": "alibi",
    "alibi_detect": "alibi_detect", "pytorch_tabnet": "pytorch_tabnet", "pyod": "pyod", "apex": "apex", "xformers": "xformers",
    "openai": "openai", "anthropic": "anthropic", "cohere": "cohere", "langchain": "langchain", "langgraph": "langgraph",
    "llama_index": "llama_index", "llama_cpp": "llama_cpp", "litellm": "litellm", "haystack": "haystack", "dspy": "dspy",
    "vllm": "vllm", "ollama": "ollama", "mistralai": "mistralai", "groq": "groq", "autogen": "autogen", "crewai": "crewai",
    "guidance": "guidance", "semantic_kernel": "semantic_kernel", "faiss": "faiss", "chromadb": "chromadb",
}  # fmt: skip
"""Framework by top-level module."""
PYTHON_PREFIXES = {
    "langchain_": "langchain",
    "llama_index": "llama_index",
    "google.generativeai": "google_generativeai",
    "google.genai": "google_generativeai",
    "mlflow.gateway": "mlflow",
}
"""Framework by the beginning of the dotted module."""
_LANGUAGE_MODEL_APIS_WORDS = """
openai anthropic cohere langchain langgraph llama_index litellm haystack dspy ollama mistralai groq autogen crewai guidance
semantic_kernel google_generativeai tiktoken chromadb faiss llama_cpp
"""
LANGUAGE_MODEL_APIS = frozenset(_LANGUAGE_MODEL_APIS_WORDS.split())
"""Libraries that call a model of somebody else."""
_HELPERS_WORDS = "gym gymnasium nltk ray pyspark cvxopt statsmodels albumentations imgaug dlib"
HELPERS = frozenset(_HELPERS_WORDS.split())
"""Libraries that are also used where nothing is learned."""

_R_WORDS = """
caret keras keras3 recipes rsample parsnip tidymodels workflows tune yardstick dials torch luz tensorflow xgboost lightgbm
catboost randomForest ranger glmnet e1071 rpart gbm nnet mlr mlr3 mlr3learners h2o kernlab forecast fable prophet tfdatasets tfhub
text2vec quanteda.textmodels SuperLearner bnlearn brms rstanarm earth party partykit kknn klaR C50 Cubist DALEX iml lime fastshap
vetiver modeltime class naivebayes pls survival themis vip sparklyr
"""
R = frozenset(_R_WORDS.split())
_R_SHARED_WORDS = "class survival nnet text2vec pls"
R_SHARED = frozenset(_R_SHARED_WORDS.split())
"""Statistics as much as machine learning: named, but not proof that a repository is about models."""
JULIA = {
    "Flux": "flux", "MLJ": "mlj", "Knet": "knet", "Lux": "lux", "DecisionTree": "decisiontree", "ScikitLearn": "scikitlearn",
    "XGBoost": "xgboost", "LightGBM": "lightgbm", "GLM": "glm", "Turing": "turing", "Metalhead": "metalhead", "MLJFlux": "mljflux",
    "EvoTrees": "evotrees", "FluxTraining": "fluxtraining", "FastAI": "fastai", "Zygote": "flux", "DiffEqFlux": "diffeqflux",
    "MLJModels": "mlj", "Transformers": "transformers", "GraphNeuralNetworks": "graphneuralnetworks",
    "ReinforcementLearning": "reinforcementlearning",
}  # fmt: skip
LUA = dict.fromkeys(["torch", "nn", "optim", "cutorch", "cunn", "cudnn", "nngraph", "rnn", "dpnn", "trepl", "dp"], "torch")
JAVASCRIPT = {
    "@tensorflow/tfjs": "js:tensorflow", "@tensorflow/tfjs-node": "js:tensorflow", "brain.js": "js:brain", "ml5": "js:ml5",
    "onnxruntime-web": "onnxruntime", "onnxruntime-node": "onnxruntime", "@xenova/transformers": "js:transformers",
    "@huggingface/transformers": "js:transformers", "openai": "openai", "langchain": "langchain", "@anthropic-ai/sdk": "anthropic",
    "@google/generative-ai": "google_generativeai", "ai": "js:ai",
}  # fmt: skip
JVM = {"org.apache.spark.ml": "spark", "org.apache.spark.mllib": "spark", "org.deeplearning4j": "dl4j", "weka": "weka", "ai.djl": "djl",
       "org.tensorflow": "tensorflow", "ml.dmlc.xgboost4j": "xgboost"}  # fmt: skip
