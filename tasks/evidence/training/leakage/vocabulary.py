"""Names of libraries' classes and functions, by what they do to data."""

from __future__ import annotations

import re


def _words(text: str, family: str) -> dict[str, str]:
    return dict.fromkeys(text.split(), family)


FAMILIES: dict[str, str] = {
    **_words("StandardScaler MinMaxScaler RobustScaler MaxAbsScaler PowerTransformer QuantileTransformer KBinsDiscretizer "
             "Winsorizer Normalization", "scaler"),
    **_words("SimpleImputer KNNImputer IterativeImputer Imputer MeanMedianImputer CategoricalImputer MissForest", "imputer"),
    **_words("OneHotEncoder OrdinalEncoder StringIndexer CountEncoder CountFrequencyEncoder BinaryEncoder HashingEncoder "
             "StringLookup IntegerLookup", "encoder"),
    **_words("LabelEncoder LabelBinarizer MultiLabelBinarizer", "label"),
    **_words("TargetEncoder CatBoostEncoder LeaveOneOutEncoder JamesSteinEncoder WOEEncoder MEstimateEncoder "
             "GLMMEncoder", "target_encoder"),
    **_words("SelectKBest SelectPercentile RFE RFECV SelectFromModel SequentialFeatureSelector SelectFdr SelectFpr SelectFwe BorutaPy "
             "GenericUnivariateSelect", "selector"),
    **_words("VarianceThreshold", "label"),
    **_words("PCA TruncatedSVD KernelPCA IncrementalPCA FastICA FactorAnalysis NMF LatentDirichletAllocation "
             "LinearDiscriminantAnalysis", "reducer"),
    **_words("CountVectorizer TfidfVectorizer TfidfTransformer DictVectorizer Tokenizer TextVectorization", "vectorizer"),
    **_words("Normalizer Binarizer FunctionTransformer HashingVectorizer PolynomialFeatures", "stateless"),
    **_words("SMOTE SMOTENC SMOTEN ADASYN BorderlineSMOTE KMeansSMOTE SVMSMOTE RandomOverSampler SMOTETomek SMOTEENN", "sampler"),
    **_words("RandomUnderSampler NearMiss TomekLinks EditedNearestNeighbours ClusterCentroids", "undersampler"),
    **_words("KMeans MiniBatchKMeans DBSCAN AgglomerativeClustering GaussianMixture IsolationForest TSNE UMAP LocalOutlierFactor "
             "OneClassSVM EllipticEnvelope", "unsupervised"),
    **_words("GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV BayesSearchCV OptunaSearchCV", "search"),
    **_words("KFold StratifiedKFold RepeatedKFold RepeatedStratifiedKFold GroupKFold StratifiedGroupKFold TimeSeriesSplit ShuffleSplit "
             "StratifiedShuffleSplit LeaveOneOut GroupShuffleSplit", "folds"),
}  # fmt: skip
_MODEL = re.compile(
    r"(?:Classifier|Regressor|Regression|SVC|SVR|NB|Ridge|Lasso|ElasticNet|Perceptron|Sequential|LinearSVC|RidgeCV|LassoCV|"
    r"ElasticNetCV|LogisticRegressionCV|CatBoost|DNNClassifier|Trainer|LinearModel|BayesianRidge|Ranker)$"
)
TRANSFORMERS = frozenset(
    ["scaler", "imputer", "encoder", "label", "target_encoder", "selector", "reducer", "vectorizer", "stateless", "columns"]
)
SUPERVISED = frozenset(["model", "search", "unknown"])

LEAK_OF_FAMILY = {
    "scaler": ("scaler_or_imputer_fit_before_split", "likely"),
    "imputer": ("scaler_or_imputer_fit_before_split", "likely"),
    "reducer": ("scaler_or_imputer_fit_before_split", "likely"),
    "vectorizer": ("scaler_or_imputer_fit_before_split", "likely"),
    "encoder": ("encoder_fit_before_split", "likely"),
    "columns": ("scaler_or_imputer_fit_before_split", "likely"),
    "label": ("encoder_fit_before_split", "possible"),
    "undersampler": ("oversampling_before_split", "possible"),
    "target_encoder": ("target_encoding_before_split", "certain"),
    "selector": ("feature_selection_before_split", "certain"),
    "sampler": ("oversampling_before_split", "certain"),
}

METRICS = frozenset(
    [
        "accuracy_score",
        "f1_score",
        "precision_score",
        "recall_score",
        "roc_auc_score",
        "r2_score",
        "mean_squared_error",
        "mean_absolute_error",
        "log_loss",
        "root_mean_squared_error",
        "balanced_accuracy_score",
        "classification_report",
        "confusion_matrix",
        "average_precision_score",
        "matthews_corrcoef",
        "mean_absolute_percentage_error",
        "median_absolute_error",
        "explained_variance_score",
        "mean_squared_log_error",
        "fbeta_score",
        "cohen_kappa_score",
        "jaccard_score",
        "max_error",
        "brier_score_loss",
        "hamming_loss",
        "roc_curve",
        "precision_recall_curve",
    ]
)
SCORES = METRICS - {"confusion_matrix", "roc_curve", "precision_recall_curve"}
RELATIONS = frozenset(
    ["f_classif", "f_regression", "chi2", "mutual_info_classif", "mutual_info_regression", "ttest_ind", "pearsonr", "spearmanr",
     "kendalltau", "pointbiserialr", "f_oneway", "mannwhitneyu", "chi2_contingency", "kruskal", "ks_2samp", "permutation_importance"]
)  # fmt: skip
"""Functions that tell how features and target hang together."""
SPLIT_CALLS = frozenset(["train_test_split", "random_split", "randomSplit", "split_dataset", "initial_split"])
CV_CALLS = frozenset(
    ["cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "validation_curve", "permutation_test_score"]
)
CONCATS = frozenset(["concat", "concatenate", "vstack", "append", "hstack", "row_stack", "r_", "chain", "union"])
STATISTICS = frozenset(
    [
        "mean",
        "median",
        "std",
        "var",
        "mode",
        "min",
        "max",
        "quantile",
        "nanmean",
        "nanmedian",
        "nanstd",
        "nanmax",
        "nanmin",
        "percentile",
        "average",
        "amax",
        "amin",
    ]
)
LAGS = frozenset(["shift", "rolling", "diff", "pct_change", "ewm", "expanding"])
KEEPS_COLUMNS = frozenset(
    [
        "copy",
        "dropna",
        "drop_duplicates",
        "reset_index",
        "set_index",
        "sort_values",
        "sort_index",
        "fillna",
        "astype",
        "replace",
        "round",
        "clip",
        "drop_nulls",
        "fill_null",
        "fill_nan",
        "sort",
        "cast",
        "lazy",
        "collect",
        "to_pandas",
        "with_row_index",
        "query",
        "ffill",
        "bfill",
        "interpolate",
        "to_numpy",
        "head",
        "tail",
        "sample",
        "rename_axis",
        "infer_objects",
        "convert_dtypes",
        "abs",
        "reindex",
        "values",
        "loc",
        "iloc",
        "ravel",
        "flatten",
        "reshape",
        "squeeze",
        "tolist",
        "to_frame",
        "to_list",
        "map",
        "apply",
        "str",
        "dt",
        "toarray",
        "todense",
        "T",
        "assign",
        "where",
        "mask",
        "float",
        "long",
        "double",
        "cuda",
        "to",
        "transpose",
        "isin",
        "between",
        "notnull",
        "isnull",
        "notna",
        "isna",
        "duplicated",
        "any",
        "all",
        "eq",
        "ne",
        "gt",
        "lt",
        "ge",
        "le",
    ]
)
NOT_DATA = frozenset(
    [
        "info",
        "describe",
        "plot",
        "hist",
        "boxplot",
        "value_counts",
        "nunique",
        "unique",
        "corr",
        "cov",
        "to_csv",
        "to_parquet",
        "to_excel",
        "to_pickle",
        "to_json",
        "items",
        "keys",
        "to_feather",
        "iterrows",
        "itertuples",
        "memory_usage",
        "print",
        "show",
        "to_sql",
        "to_html",
        "skew",
        "kurt",
        "count",
        "to_dict",
        "sum",
    ]
)
LOADERS = re.compile(
    r"(?:^|\.)(?:read_(?!notebook|text_file|config|yaml|bytes)\w+|load_(?:data|dataset|iris|digits|wine|diabetes|breast_cancer|boston|csv|"
    r"raw\w*|df|files|train\w*|test\w*|digits|frame|table)\w*|loadtxt|genfromtxt|fetch_\w+|make_(?:classification|regression|blobs|moons|circles)|"
    r"get_data\w*|read_csv|load|DataFrame|query|read_sql|fromfile|get_dataset\w*)$"
)
UNARY_NUMPY = frozenset(
    [
        "log",
        "log1p",
        "exp",
        "expm1",
        "sqrt",
        "square",
        "abs",
        "array",
        "asarray",
        "ravel",
        "squeeze",
        "float32",
        "int64",
        "log10",
        "log2",
        "power",
        "clip",
        "round",
    ]
)
SELECTORS_OF_BEST = frozenset(["max", "min", "argmax", "argmin", "idxmax", "idxmin", "nlargest", "nsmallest"])
SAVERS = re.compile(r"(?:^|\.)(?:dump|save|save_model|log_model|save_pretrained|save_object|to_disk|save_weights)$")
DATA_NAME = re.compile(
    r"^(?:df\w*|data\w*|dataset\w*|[xX]s?|[yY]s?|X_\w+|y_\w+|features?|targets?|labels?|train\w*|test\w*|val\w*|\w+_(?:df|data|train|test|val|set|"
    r"valid|frame|array|arr|features|labels|x|y|X|Y|loader|ds|dataset)|frame|inputs|[xy](?:train|test|val|valid)|raw|table|reviews|corpus|texts?)$"
)

WRAPPERS = frozenset(
    ["DataLoader", "TensorDataset", "DMatrix", "QuantileDMatrix", "Pool", "Dataset", "Subset", "tensor", "as_tensor", "from_numpy", "FloatTensor", "LongTensor", "Tensor", "DataFrame", "Series", "array", "asarray", "from_tensor_slices", "from_pandas", "get_dummies", "expand_dims", "reshape", "to_categorical", "pad_sequences", "csr_matrix", "hstack", "column_stack", "shuffle", "deepcopy", "copy", "stack", "transpose", "squeeze", "nan_to_num", "to_datetime", "to_numeric", "list", "tuple", "set", "reversed", "iter", "next", "tqdm", "trange", "one_hot", "convert_to_tensor", "constant", "cast", "clone", "asfarray", "ascontiguousarray", "to_device", "cut", "qcut", "factorize", "Variable"]
)  # fmt: skip
"""Functions that give back the rows they are given in another form."""


def family_of(name: str) -> str | None:
    """What a class does to data, by the last part of its dotted name; None when nothing is known."""
    last = name.rsplit(".", 1)[-1]
    if last in FAMILIES:
        return FAMILIES[last]
    return "model" if _MODEL.search(last) else None


def family_of_variable(name: str) -> str:
    """A guess for an object of unknown class from the variable's name."""
    low = name.lower()
    for word, family in (
        ("label_enc", "label"), ("labelenc", "label"), ("scaler", "scaler"), ("imputer", "imputer"), ("onehot", "encoder"),
        ("ordinal", "encoder"), ("encoder", "label"), ("tfidf", "vectorizer"), ("vectorizer", "vectorizer"), ("smote", "sampler"),
        ("pca", "reducer"), ("selector", "selector"), ("transform", "columns"), ("preprocess", "columns"), ("token", "label"),
    ):  # fmt: skip
        if word in low:
            return family
    return "unknown"
