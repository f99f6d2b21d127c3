"""Names, arguments and behaviour that a release took away, and the bound under which code that uses them still runs."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Removed:
    pattern: re.Pattern[str]
    package: str
    below: str
    other: tuple[str, ...] = ()
    """Names under which the package is installed as well."""


def _removed(package: str, below: str, pattern: str, *other: str) -> Removed:
    return Removed(re.compile(pattern), package, below, other)


REMOVED = (
    # NumPy
    _removed("numpy", "1.24", r"module 'numpy' has no attribute '(?:bool|int|float|object|str|complex|long|unicode|typeDict)'"),
    _removed("numpy", "2", r"numpy\.core\.multiarray failed to import|numpy\.dtype size changed|compiled using NumPy 1\.x|_ARRAY_API not found|"
                           r"was removed in the NumPy 2\.0|module 'numpy' has no attribute '(?:float_|complex_|unicode_|string_|Inf|NaN|infty|NINF|PINF|product|cumproduct|"
                           r"sometrue|alltrue|row_stack|in1d|trapz|sctypes|mat|asfarray|find_common_type|cast|source|bool8|obj2sctype|issubsctype|recfromcsv)'|"
                           r"No module named 'numpy\.(?:_core|core\._multiarray_umath)'|"
                           r"only (?:0-dimensional|length-1) arrays can be converted"),
    # scikit-learn
    _removed("scikit-learn", "1.2", r"cannot import name '(?:plot_confusion_matrix|plot_roc_curve|plot_precision_recall_curve|load_boston|plot_partial_dependence)'|"
                                    r"has no attribute '(?:get_feature_names|plot_confusion_matrix|plot_roc_curve)'|load_boston. has been removed|"
                                    r"unexpected keyword argument 'normalize'|"
                                    r"'criterion' parameter of .{0,80}Got 'm[as]e'|'loss' parameter of .{0,120}Got '(?:deviance|ls|lad)'"),
    _removed("scikit-learn", "1.3", r"'max_features' parameter of .{0,120}Got 'auto'|'loss' parameter of .{0,160}Got 'log'|'algorithm' parameter of KMeans .{0,120}Got '(?:auto|full)'"),
    _removed("scikit-learn", "1.4", r"(?:OneHotEncoder|__init__\(\)) got an unexpected keyword argument '(?:sparse|base_estimator|affinity)'|"
                                    r"unexpected keyword argument '(?:sparse|base_estimator|affinity)'"),
    _removed("scikit-learn", "1.6", r"unexpected keyword argument '(?:squared|force_all_finite)'|'super' object has no attribute '__sklearn_tags__'|"
                                    r"has no attribute '(?:_validate_data|_check_n_features|__sklearn_tags__)'|cannot import name '_(?:safe_tags|check_fit_params)'"),
    _removed("scikit-learn", "1.7", r"has no attribute '_get_tags'|cannot import name 'parse_version' from 'sklearn|unexpected keyword argument '(?:multi_class)'"),
    _removed("scikit-learn", "0.24", r"Setting a random_state has no effect since shuffle is False|No module named 'sklearn\.(?:neighbors\.base|ensemble\.forest|tree\.tree|"
                                     r"linear_model\.base|svm\.classes|utils\.testing|metrics\.scorer|preprocessing\.data|cluster\.k_means_)'"),
    _removed("scikit-learn", "0.23", r"No module named 'sklearn\.externals\.(?:joblib|six)'|cannot import name '(?:joblib|six)' from 'sklearn\.externals'"),
    _removed("scikit-learn", "0.22", r"cannot import name 'Imputer' from 'sklearn\.preprocessing'"),
    _removed("scikit-learn", "0.20", r"No module named 'sklearn\.(?:cross_validation|grid_search|learning_curve)'"),
    # pandas
    _removed("pandas", "1", r"'(?:DataFrame|Series)' object has no attribute '(?:ix|as_matrix|get_value)'|No module named 'pandas\.(?:tools|lib)"),
    _removed("pandas", "2", r"'(?:DataFrame|Series|Index|\w{0,20}Index)' object has no attribute '(?:append|iteritems|mad|lookup|slice_shift|is_monotonic|weekofyear|week|to_native_types)'|"
                            r"unexpected keyword argument '(?:line_terminator|error_bad_lines|warn_bad_lines|squeeze|mangle_dupe_cols|null_counts|prefix)'|"
                            r"cannot import name '(?:Int64Index|Float64Index|datetools|rolling_\w+)' from 'pandas|module 'pandas' has no attribute '(?:Int64Index|Panel|datetime|Float64Index)'|"
                            r"(?:drop|concat|set_index|reset_index|fillna|pivot|sum|mean)\(\) takes (?:from \d )?(?:to )?\d positional arguments? but"),
    _removed("pandas", "3", r"Cannot specify both 'labels' and 'index'.{0,3}'columns'|[Cc]annot specify (?:both|more than one).{0,60}axis|axis.{0,60}(?:when|if|with).{0,30}columns|"
                            r"Invalid value '.{0,80}' for dtype '(?:str|int\d*|float\d*|bool|string)'|assignment destination is read-only|"
                            r"unexpected keyword argument '(?:delim_whitespace|date_parser|infer_datetime_format|verbose|method|keep_date_col|downcast|copy)'|"
                            r"object has no attribute '(?:applymap|swapaxes|pad|backfill|ravel|append)'|Cannot interpret '<StringDtype|data type 'str' not understood|"
                            r"Invalid frequency: (?:M|H|T|S|Q|Y|A)\b|ChainedAssignmentError|dtype '?str'? (?:is not|cannot)|StringDtype|cannot perform .{0,40} with type str"),
    # TensorFlow and Keras
    _removed("tensorflow", "2", r"module 'tensorflow' has no attribute '(?:placeholder|Session|ConfigProto|reset_default_graph|set_random_seed|get_default_graph|"
                                r"variable_scope|get_variable|app|flags|contrib|layers|train\.\w+)'|No module named 'tensorflow\.(?:contrib|examples)'"),
    _removed("tensorflow", "2.13", r"cannot import name '(?:np_utils|generic_utils)' from '(?:tensorflow\.)?keras\.utils|No module named '(?:tensorflow\.)?keras\.utils\.(?:np_utils|generic_utils)'", "keras"),
    _removed("tensorflow", "2.16", r"No module named '(?:tensorflow\.)?keras\.(?:utils\.np_utils|preprocessing\.\w+|layers\.\w+|engine\S*|optimizers\.\S+|wrappers\S*|utils\.generic_utils|preprocessing)'|"
                                   r"cannot import name '\w+' from '(?:tensorflow\.)?keras\.(?:optimizers|utils|layers|preprocessing\S*|models)|"
                                   r"filepath provided must end in|filename must end in `\.weights|Argument\(s\) not recognized|unexpected keyword argument '(?:lr|decay|period|batch_input_shape|save_format|workers|use_multiprocessing)'|"
                                   r"Unrecognized keyword arguments|_set_inputs|object has no attribute '(?:predict_classes|fit_generator|lr)'", "keras"),
    # PyTorch and around
    _removed("torch", "2.6", r"Weights only load failed|weights_only"),
    _removed("torchtext", "0.12", r"No module named 'torchtext\.legacy'|cannot import name '(?:Field|BucketIterator)' from 'torchtext"),
    _removed("pytorch-lightning", "2", r"Trainer\.__init__\(\) got an unexpected keyword argument|has been removed in v?2\.0|Support for `(?:training|validation|test)_epoch_end` has been removed|"
                                       r"No module named 'pytorch_lightning\.(?:metrics|loggers\.base|utilities\.\w+)'", "lightning"),
    _removed("transformers", "4.46", r"TrainingArguments\S{0,12} got an unexpected keyword argument '(?:evaluation_strategy|no_cuda|per_gpu_train_batch_size|use_mps_device)'|cannot import name '(?:AdamW|TFTrainer)' from 'transformers'"),
    _removed("transformers", "5", r"cannot import name '\w+' from 'transformers"),
    _removed("torchmetrics", "0.11", r"missing 1 required positional argument: 'task'"),
    # boosting
    _removed("lightgbm", "4", r"unexpected keyword argument '(?:early_stopping_rounds|verbose_eval|evals_result|verbose)'"),
    _removed("xgboost", "2", r"unexpected keyword argument '(?:early_stopping_rounds|eval_metric|callbacks|verbose)'|XGB\w+ object has no attribute"),
    _removed("xgboost", "2.1", r"'super' object has no attribute '__sklearn_tags__'|ntree_limit"),
    # scientific
    _removed("scipy", "1.13", r"cannot import name '(?:triu|tril|gaussian|interp)' from 'scipy|module 'scipy\.signal' has no attribute"),
    _removed("scipy", "1.14", r"cannot import name '(?:simps|trapz|cumtrapz)' from 'scipy"),
    _removed("matplotlib", "3.8", r"seaborn\S{0,20}' is not a valid package style|mpl_toolkits.{0,40}has no attribute"),
    _removed("matplotlib", "3.9", r"module 'matplotlib\.cm' has no attribute|No module named 'backend_interagg|backend2gui|matplotlib' has no attribute '(?:get_backend|cm)"),
    _removed("ipython", "8.24", r"cannot import name 'backend2gui'"),
    _removed("seaborn", "0.12", r"(?:plot|map)\(\) takes from 0 to 1 positional arguments? but"),
    _removed("networkx", "3", r"module 'networkx' has no attribute '(?:info|from_numpy_matrix|to_numpy_matrix|read_gpickle|write_gpickle)'"),
    _removed("statsmodels", "0.13", r"statsmodels\.tsa\.arima_model\.ARIMA and statsmodels|No module named 'statsmodels\.tsa\.arima_model'"),
    _removed("gym", "0.26", r"too many values to unpack \(expected 4\)|not enough values to unpack.{0,30}reset|unexpected keyword argument 'new_step_api'"),
    _removed("imbalanced-learn", "0.8", r"has no attribute '(?:fit_sample)'|unexpected keyword argument 'ratio'"),
    # around
    _removed("mlflow", "3", r"skops_trusted_types|untrusted types|mlflow\.exceptions\.MlflowException: .{0,60}skops|unexpected keyword argument 'artifact_path'|module 'mlflow' has no attribute"),
    _removed("sqlalchemy", "2", r"'(?:Engine|Connection|OptionEngine)' object has no attribute '(?:execute|table_names)'|Not an executable object"),
    _removed("pydantic", "2", r"PydanticUserError|PydanticImportError|BaseSettings. has been moved|`regex` is removed|cannot import name '(?:validator|BaseSettings)' from 'pydantic"),
    _removed("protobuf", "3.21", r"Descriptors cannot (?:not )?be created directly|cannot import name 'builder' from 'google\.protobuf|'MessageFactory' object has no attribute"),
    _removed("pillow", "10", r"module 'PIL\.Image' has no attribute '(?:ANTIALIAS|LINEAR|CUBIC)'|object has no attribute '(?:getsize|textsize)'"),
    _removed("werkzeug", "3", r"cannot import name '(?:url_quote|url_decode|url_encode|safe_str_cmp|BaseResponse)' from 'werkzeug"),
    _removed("jinja2", "3.1", r"cannot import name '(?:escape|Markup|contextfilter|environmentfilter)' from 'jinja2'"),
    _removed("markupsafe", "2.1", r"cannot import name 'soft_unicode' from 'markupsafe'"),
    _removed("flask", "2.3", r"cannot import name '(?:JSONEncoder|Markup|escape)' from 'flask|'Flask' object has no attribute 'before_first_request'"),
    _removed("huggingface-hub", "0.26", r"cannot import name '(?:cached_download|HfFolder|Repository)' from 'huggingface_hub"),
    _removed("setuptools", "81", r"No module named 'pkg_resources'"),
    _removed("packaging", "22", r"cannot import name 'LegacyVersion'|No module named 'packaging\.\w+'"),
    _removed("click", "8.1", r"cannot import name '_unicodefun' from 'click'|cannot import name 'get_terminal_size' from 'click"),
    _removed("urllib3", "2", r"No module named 'urllib3\.(?:contrib\.appengine|packages\.six)|cannot import name 'appengine'"),
    _removed("prefect", "2", r"cannot import name '(?:Flow|Parameter|case)' from 'prefect'|No module named 'prefect\.(?:engine\.results|tasks\.\w+|run_configs|storage)'"),
    _removed("prefect", "3", r"No module named 'prefect\.(?:filesystems|deployments|infrastructure|task_runners)|cannot import name '\w+' from 'prefect"),
    _removed("great-expectations", "1", r"module 'great_expectations' has no attribute|No module named 'great_expectations\.\w+'"),
    _removed("evidently", "0.7", r"No module named 'evidently\.(?:report|metric_preset|test_suite|dashboard|tests|metrics|pipeline|model_profile)|cannot import name 'ColumnMapping'"),
    _removed("evidently", "0.2", r"No module named 'evidently\.(?:dashboard|tabs|model_profile|profile_sections)"),
    _removed("zenml", "0.40", r"cannot import name '\w+' from 'zenml"),
    _removed("kedro", "0.19", r"No module named 'kedro\.(?:extras|io\.core|framework\.hooks)|cannot import name '\w+' from 'kedro"),
    _removed("wandb", "0.16", r"module 'wandb' has no attribute"),
    _removed("openai", "1", r"module 'openai' has no attribute '(?:ChatCompletion|Completion|Embedding)'"),
    _removed("nltk", "3.8.2", r"Resource punkt_tab not found"),
)  # fmt: skip
"""Tried in this order among the packages of the environment; the first that matches and is not bounded so already is taken."""
