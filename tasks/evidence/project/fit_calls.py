"""Whether a Python call trains a model, and how surely: a model's `fit` is not a scaler's, a distribution's or a figure's."""

from __future__ import annotations

import re

from tasks.evidence.source import Call, SourceFile
from tasks.evidence.training.leakage.vocabulary import TRANSFORMERS, family_of, family_of_variable
from tasks.evidence.training.sources import ML_MODULES

_PREPARING = re.compile(
    r"^(?:sklearn|cuml|dask_ml)\.(?:preprocessing|impute|compose|feature_extraction|feature_selection|decomposition|random_projection)\.|^pyspark\.ml\.feature\.|"
    r"^(?:scipy|numpy|lmfit|astropy|matplotlib|seaborn|powerlaw|fitter|pwlf|skimage|cv2|PIL|curses|rich|textual|category_encoders|feature_engine|tokenizers|"
    r"imblearn\.(?:over|under)_sampling|umap|shap|eli5|yellowbrick)\.|(?:ColumnTransformer|DataFrameMapper|TableVectorizer|ImageDataGenerator|Discretizer|Featurizer|"
    r"Scaler|Imputer|Encoder|Vectorizer|Tokenizer|Preprocessor|StringIndexer|Normalizer|Explainer|VectorSearch|Index)$"
)
_PREPARING_NAME = re.compile(
    r"scal(?:er|ing)|imput|encod|vectoriz|tokeniz|preproc|transform(?:er)?s?$|feature|(?:^|_)(?:pca|tfidf|ohe|le|enc|sc|ss|mms|lb|lda|cv|tok|gen|datagen|poly|curve|layout|index|"
    r"gauss\w*|dist|distribution|view|map|camera|fig|figure|ax|kde|addon|term|image|img)\d?$|explainer|normaliz|binariz|augment|datagen|smote|sampler",
    re.IGNORECASE,
)
_MODEL_NAME = re.compile(
    r"model|(?:^|_)(?:clf|classifier|reg|regr|regressor|regression|lr|rf|svm|svc|knn|gbm|xgb|lgb|lgbm|cat|dt|nb|net|nn|cnn|rnn|lstm|mlp|ann|dnn|gan|ridge|lasso|kmeans|"
    r"tree|forest|estimator|learner|learn|trainer|tuner|automl|predictor|pipe|pipeline|grid|search|gs|rs|gridcv|booster|logreg|linreg|bst|est|algo|agent|"
    r"autoencoder|vae|ensemble|stack|voting|arima|sarima\w*|prophet|forecaster|cluster\w*|gmm|hmm|isolation\w*)\d*(?:_|$)",
    re.IGNORECASE,
)
_ONLY_AROUND = re.compile(
    r"^(?:sklearn|cuml|dask_ml)\.(?:preprocessing|impute|compose|feature_extraction|feature_selection|decomposition|model_selection|metrics|base|"
    r"datasets|utils|externals|exceptions)|^torch\.utils|^datasets|^imblearn"
)
_FITTING_METHODS = {
    "fit_generator": ("keras fit", 0.95),
    "train_on_batch": ("keras train_on_batch", 0.95),
    "fit_one_cycle": ("fastai fit", 0.95),
    "fine_tune": ("fastai fine_tune", 0.8),
    "fit_flat_cos": ("fastai fit", 0.95),
    "partial_fit": (".partial_fit", 0.8),
    "apply_gradients": ("optimizer step", 0.9),
    "apply_updates": ("optimizer step", 0.9),
    "train_and_evaluate": ("train_and_evaluate", 0.6),
    "train_supervised": ("fasttext.train_supervised", 0.8),
    "train_unsupervised": ("fasttext.train_unsupervised", 0.8),
    "train_reinforce": ("train_reinforce", 0.5),
}
_FUNCTIONS = {
    "xgboost.train": ("xgboost.train", 0.97),
    "lightgbm.train": ("lightgbm.train", 0.97),
    "catboost.train": ("catboost.train", 0.97),
    "lightgbm.cv": ("lightgbm.cv", 0.7),
    "xgboost.cv": ("xgboost.cv", 0.7),
    "fasttext.train_supervised": ("fasttext.train_supervised", 0.97),
    "ray.tune.run": ("ray.tune.run", 0.7),
    "tensorflow.estimator.train_and_evaluate": ("Estimator.train", 0.95),
    "spacy.cli.train.train": ("spacy train", 0.9),
    "spacy.cli.train": ("spacy train", 0.9),
    "mlx.optimizers.update": ("optimizer step", 0.9),
}
GRAPH_STEP = "optimizer step in a graph"
SESSION_RUN = "session run of a training operation"
_CLOUDS = ("sagemaker", "boto3", "google.cloud", "google_cloud_pipeline_components")
_CLOUD_TRAINING = frozenset(
    ["TrainingStep", "TuningStep", "create_training_job", "CustomTrainingJob", "CustomContainerTrainingJob", "CustomPythonPackageTrainingJob",
     "AutoMLTabularTrainingJob", "AutoMLTabularTrainingJobRunOp", "CustomTrainingJobOp"]
)  # fmt: skip
_TRAINING_DATA = frozenset(
    ["training_frame", "train_dataset", "input_fn", "total_examples", "epochs", "total_timesteps", "train_data", "train_loader"]
)
_TORCH = (
    "torch",
    "accelerate",
    "deepspeed",
    "lightning",
    "pytorch_lightning",
    "fastai",
    "transformers",
    "ignite",
    "paddle",
    "mxnet",
    "chainer",
)
_TRAINING_OPERATION = re.compile(
    r"(?:^|[\[(\s,._])(?:train_?op\w*|train_?step|opt_?op|optim|optimi[sz]ers?\w*|optimi[sz]e|train|minimi[sz]e|update_op|solver|apply_grad\w*)(?:[\])\s,]|$)"
)
_OWN_TRAINER = re.compile(r"(?:Trainer|Learner|Runner|Learning|Training)$")


def fitting(call: Call, source: SourceFile) -> tuple[str, float] | None:
    """How a call trains a model and the strength of that reading (0 to 1); None when it does not."""
    if call.name in _FUNCTIONS:
        return _FUNCTIONS[call.name]
    method = _METHODS.get(call.attribute)
    if method and "." in call.name:
        return method(call, source)
    if call.attribute in _FITTING_METHODS and "." in call.name:
        how, strength = _FITTING_METHODS[call.attribute]
        return how, strength
    if call.attribute in ("cross_val_score", "cross_validate", "cross_val_predict") and source.imported("sklearn"):
        return call.attribute, 0.65
    if call.name == "theano.function" and "updates" in call.keywords:
        return "theano updates", 0.9
    if call.attribute in _CLOUD_TRAINING and source.imported(*_CLOUDS):
        return f"cloud {call.attribute}", 0.7
    if call.attribute == "LightningCLI":
        return "LightningCLI", 0.9
    if call.attribute == "search" and (call.receiver or "").startswith(("keras_tuner.", "kerastuner.", "autokeras.")):
        return "keras tuner search", 0.85
    if call.name.startswith("pycaret.") and call.attribute in ("compare_models", "create_model", "tune_model", "setup"):
        return f"pycaret {call.attribute}", 0.85
    if (
        call.name.startswith("gensim.models.")
        and call.attribute in ("Word2Vec", "Doc2Vec", "FastText", "LdaModel", "LdaMulticore")
        and call.args
    ):
        return f"gensim {call.attribute}", 0.75
    return None


def _owner(call: Call) -> str:
    """The variable or expression before the method: `self.model` of `self.model.fit`."""
    return call.name.rpartition(".")[0]


def _fit(call: Call, source: SourceFile) -> tuple[str, float] | None:
    owner, receiver = _owner(call), call.receiver or ""
    variable = owner.rsplit(".", 1)[-1]
    library = receiver.split(".")[0]
    if not (call.args or call.keywords) and library not in ("statsmodels", "ray") and not variable.startswith(("()", "tuner", "trainer")):
        return None
    if _PREPARING.search(receiver) or _PREPARING.match(call.name):
        return None
    family = family_of(receiver) if receiver else None
    if family in TRANSFORMERS or family in ("sampler", "undersampler", "folds"):
        return None
    if library == "statsmodels" or call.name.startswith("statsmodels"):
        judged = any(c.attribute in ("predict", "forecast", "get_forecast", "get_prediction", "train_test_split") for c in source.calls)
        return "statsmodels fit", 0.6 if judged else 0.35
    if receiver.endswith(("Trainer", "Tuner")) or variable == "trainer":
        return "Trainer.fit", 0.95
    how = _how(call, receiver, source)
    if (
        family
        or library in ML_MODULES
        or library in ("autosklearn", "flaml", "tpot", "h2o", "sagemaker", "ultralytics", "lazypredict", "darts")
    ):
        return how, 0.97
    if _PREPARING_NAME.search(variable) or family_of_variable(variable) != "unknown":
        return None
    learns = bool(source.modules & ML_MODULES)
    if not learns and source.imported(
        "lmfit", "astropy", "symfit", "iminuit", "zfit", "scipy.optimize", "scipy.stats", "powerlaw", "curve_fit"
    ):
        return None
    rows = len(call.args) + len(
        {"X", "y", "x", "epochs", "validation_data", "X_train", "train_dataset", "train_data"} & call.keywords.keys()
    )
    if _MODEL_NAME.search(variable):
        return how, 0.9 if learns else 0.75 if rows >= 1 else 0.5
    if rows >= 2:
        return how, 0.85 if learns else 0.55
    return (how, 0.55 if variable not in ("self", "()") and _imports_estimators(source) else 0.45) if learns else None


def _imports_estimators(source: SourceFile) -> bool:
    """Whether more than preparation, splits and scores is imported."""
    return any(
        item.top in ML_MODULES and item.top not in ("joblib", "mlflow", "optuna") and not _ONLY_AROUND.match(item.module)
        for item in source.imports
    )


def _how(call: Call, receiver: str, source: SourceFile) -> str:
    if "epochs" in call.keywords or receiver.endswith(("Sequential", "keras.Model", "models.Model")):
        return "keras fit"
    if receiver:
        return f"{receiver.split('.')[0]} .fit" if "." in receiver else f"{receiver}.fit"
    return "sklearn .fit" if source.imported("sklearn") else ".fit"


def _fit_predict(call: Call, source: SourceFile) -> tuple[str, float] | None:
    if not (call.args or call.keywords):
        return None
    return "sklearn .fit_predict", 0.75 if source.modules & ML_MODULES else 0.4


def _train(call: Call, source: SourceFile) -> tuple[str, float] | None:
    """`.train` of trainers, boosters and Estimators; `model.train()` only switches a network's mode."""
    receiver, owner = call.receiver or "", _owner(call)
    if _OWN_TRAINER.search(receiver) or owner.lower().rsplit(".", 1)[-1].endswith("trainer"):
        return "Trainer.train", 0.9
    if receiver.startswith(("ultralytics.", "h2o.", "gensim.")) or _TRAINING_DATA & call.keywords.keys():
        return f"{receiver.split('.')[0] or owner} .train", 0.9
    if call.args and call.args[0] not in ("True", "False", "mode") and _MODEL_NAME.search(owner) and source.modules & ML_MODULES:
        return ".train", 0.6
    return None


def _backward(call: Call, source: SourceFile) -> tuple[str, float] | None:
    if source.imported(*_TORCH):
        return "optimizer step", 0.9
    cleared = any(c.attribute == "zero_grad" and c.scope == call.scope for c in source.calls)
    return ("gradient descent on an own engine", 0.9) if cleared and "loss" in _owner(call).lower() else None


def _step(call: Call, source: SourceFile) -> tuple[str, float] | None:
    receiver, owner = call.receiver or "", _owner(call).lower()
    optimizes = ".optim" in receiver or "optim" in owner or owner.rsplit(".", 1)[-1] in ("opt", "opt_g", "opt_d", "trainer_g")
    return ("optimizer step", 0.92) if optimizes and "sched" not in owner and "optimizer_step" not in owner else None


def _minimize(call: Call, source: SourceFile) -> tuple[str, float] | None:
    optimizer = _owner(call).lower().endswith(("optimizer", "optim", "adam", "sgd", "rmsprop")) and bool(call.args)
    if call.name.startswith(("scipy", "numpy", "lmfit")) or not (
        optimizer or source.imported("tensorflow", "keras", "paddle", "pyro", "tensorlayer", "tflearn")
    ):
        star = any(i.name == "*" for i in source.imports) and any(c.name.startswith("tf.") for c in source.calls)
        return (GRAPH_STEP, 0.85) if star and "optim" in _owner(call).lower() else None
    return GRAPH_STEP, 0.85


def _learn(call: Call, source: SourceFile) -> tuple[str, float] | None:
    if source.imported("stable_baselines3", "stable_baselines", "sb3_contrib", "rllib", "tianshou") or "total_timesteps" in call.keywords:
        return "reinforcement learn", 0.9
    return ("reinforcement learn", 0.5) if _MODEL_NAME.search(_owner(call)) and source.modules & ML_MODULES else None


def _optimize(call: Call, source: SourceFile) -> tuple[str, float] | None:
    return ("optuna optimize", 0.65) if (call.receiver or "").startswith("optuna.") else None


def _update(call: Call, source: SourceFile) -> tuple[str, float] | None:
    if source.imported("spacy") and "sgd" in call.keywords:
        return "spacy update", 0.9
    if (call.receiver or "").startswith("mlx.optimizers") or (
        source.imported("optax") and _owner(call).lower().rsplit(".", 1)[-1] in ("optimizer", "tx", "opt", "optim")
    ):
        return "optimizer step", 0.9
    return None


def _run(call: Call, source: SourceFile) -> tuple[str, float] | None:
    """A session that runs a training operation, which another file may have built; a recipe."""
    if "sess" in _owner(call).lower() and _TRAINING_OPERATION.search(call.argument("fetches", 0) or ""):
        return SESSION_RUN, 0.9
    return ("mlflow recipe", 0.8) if (call.receiver or "").startswith(("mlflow.recipes.", "mlflow.pipelines.")) else None


def _create(call: Call, source: SourceFile) -> tuple[str, float] | None:
    return ("hosted fine-tuning", 0.6) if "fine_tuning" in call.name or "FineTun" in call.name else None


_METHODS = {
    "fit": _fit,
    "fit_predict": _fit_predict,
    "train": _train,
    "backward": _backward,
    "step": _step,
    "minimize": _minimize,
    "learn": _learn,
    "optimize": _optimize,
    "update": _update,
    "create": _create,
    "run": _run,
}
