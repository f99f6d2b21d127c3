"""The field's words for evaluation metrics: one name per metric, whatever a library or a README calls it."""

from __future__ import annotations

import re
from functools import lru_cache

_SPELLINGS: dict[str, str] = {
    "accuracy": "acc accurancy accuray accuracy_score categorical_accuracy sparse_categorical_accuracy binary_accuracy binaryaccuracy "
    "categoricalaccuracy sparsecategoricalaccuracy multiclass_accuracy multiclassaccuracy top1 top_1 acc1 acc_1 top1_acc top_1_acc "
    "top1_accuracy top_1_accuracy classification_accuracy multilabelaccuracy subset_accuracy masked_accuracy node_accuracy",
    "top_5_accuracy": "top5 top_5 acc5 top5_acc top_5_acc top5_accuracy top_k_accuracy top_k_accuracy_score sparse_top_k_categorical_accuracy "
    "topkcategoricalaccuracy sparsetopkcategoricalaccuracy",
    "balanced_accuracy": "balanced_accuracy_score bal_acc bacc bal_accuracy",
    "precision": "precision_score prec binaryprecision multiclassprecision multilabelprecision",
    "recall": "recall_score sensitivity true_positive_rate tpr binaryrecall multiclassrecall multilabelrecall",
    "specificity": "true_negative_rate tnr specificity_score",
    "f1": "f1_score f1score f_1 f1_measure f_score f_measure f_meas fscore fmeasure binaryf1score multiclassf1score multilabelf1score "
    "macro_f1 micro_f1 weighted_f1 f1_macro f1_micro f1_weighted f1_measure",
    "fbeta": "fbeta_score fbetascore f2 f2_score f05",
    "roc_auc": "auc roc_auc_score auroc aucroc auc_roc area_under_roc areaunderroc area_under_curve auc_score roc_auc_ovr roc_auc_ovo "
    "binaryauroc multiclassauroc rocauc gini",
    "pr_auc": "auprc aucpr areaunderpr area_under_pr prauc auc_pr",
    "average_precision": "average_precision_score averageprecision binaryaverageprecision ap_score",
    "map": "mean_average_precision meanaverageprecision map50 map_50 map0_5 map50_95",
    "log_loss": "logloss neg_log_loss binary_logloss mlogloss",
    "mse": "mean_squared_error meansquarederror neg_mean_squared_error squared_error mean_square_error",
    "rmse": "root_mean_squared_error rootmeansquarederror neg_root_mean_squared_error root_mean_square_error rmse_vec rootmeansquared",
    "mae": "mean_absolute_error meanabsoluteerror neg_mean_absolute_error mean_abs_error abs_error",
    "mape": "mean_absolute_percentage_error meanabsolutepercentageerror neg_mean_absolute_percentage_error",
    "smape": "symmetric_mean_absolute_percentage_error symmetricmeanabsolutepercentageerror",
    "medae": "median_absolute_error neg_median_absolute_error",
    "rmsle": "root_mean_squared_log_error root_mean_squared_logarithmic_error rmsle_score",
    "msle": "mean_squared_log_error neg_mean_squared_log_error mean_squared_logarithmic_error",
    "r2": "r2_score r_2 rsq r_squared rsquared r_square r2score r2_square adjusted_r2 adj_r2 coefficient_of_determination r² r2_value",
    "explained_variance": "explained_variance_score explainedvariance",
    "max_error": "",
    "mcc": "matthews_corrcoef matthewscorrcoef matthews_correlation matthews_correlation_coefficient binarymatthewscorrcoef",
    "cohen_kappa": "cohen_kappa_score kappa cohenkappa quadratic_weighted_kappa qwk kap",
    "brier_score": "brier_score_loss brier",
    "jaccard": "jaccard_score jaccardindex jaccard_index jaccard_similarity_score",
    "iou": "mean_iou miou meaniou intersection_over_union binaryiou onehotiou",
    "dice": "dice_score dice_coef dice_coefficient dice_coeff",
    "hamming_loss": "hamming hammingdistance",
    "zero_one_loss": "",
    "hinge_loss": "",
    "confusion_matrix": "confusionmatrix plot_confusion_matrix confusionmatrixdisplay conf_mat conf_matrix multilabel_confusion_matrix "
    "binaryconfusionmatrix multiclassconfusionmatrix",
    "classification_report": "",
    "silhouette": "silhouette_score silhouette_samples silhouette_coefficient",
    "calinski_harabasz": "calinski_harabasz_score calinski_harabaz_score",
    "davies_bouldin": "davies_bouldin_score",
    "adjusted_rand": "adjusted_rand_score ari rand_score",
    "mutual_info": "adjusted_mutual_info_score normalized_mutual_info_score mutual_info_score nmi ami",
    "v_measure": "v_measure_score homogeneity_score completeness_score homogeneity_completeness_v_measure",
    "ndcg": "ndcg_score dcg_score ndcg_at_k retrievalnormalizeddcg",
    "mrr": "mean_reciprocal_rank label_ranking_average_precision_score retrievalmrr",
    "hit_rate": "hits_at_k hit_ratio hitrate retrievalhitrate",
    "bleu": "bleu_score sacrebleu corpus_bleu sentence_bleu sacrebleuscore bleuscore bleu4 bleu_4",
    "rouge": "rouge1 rouge2 rougel rouge_l rouge_1 rouge_2 rougelsum rouge_score rougescore",
    "meteor": "meteor_score",
    "chrf": "chrfscore corpus_chrf",
    "bertscore": "bert_score",
    "perplexity": "ppl",
    "wer": "word_error_rate worderrorrate",
    "cer": "character_error_rate charerrorrate",
    "exact_match": "em exactmatch",
    "seqeval": "",
    "squad": "squad_v2",
    "glue": "super_glue",
    "fid": "frechet_inception_distance frechetinceptiondistance",
    "inception_score": "inceptionscore",
    "psnr": "peak_signal_noise_ratio peaksignalnoiseratio peak_signal_to_noise_ratio",
    "ssim": "structural_similarity structuralsimilarityindexmeasure structural_similarity_index_measure",
    "eer": "equal_error_rate",
    "faithfulness": "",
    "answer_relevancy": "answer_relevance",
    "context_precision": "",
    "context_recall": "",
    "pearson": "pearsonr pearsoncorrcoef pearson_correlation",
    "spearman": "spearmanr spearmancorrcoef spearman_correlation",
    "aic": "",
    "bic": "",
    "loss": "valid_logs_loss",
    "average_loss": "",
    "multi_logloss": "",
    "reward": "mean_reward episode_reward ep_rew_mean average_reward",
}

CANONICAL: dict[str, str] = {s: name for name, spellings in _SPELLINGS.items() for s in (name, *spellings.split())}
"""Every known spelling, lower case with `_`, to its standard word."""

REGRESSION = frozenset(["mse", "rmse", "mae", "mape", "smape", "medae", "rmsle", "msle", "r2", "explained_variance", "max_error"])
"""Metrics of a number that is predicted."""
CLASSIFICATION = frozenset(
    [
        "accuracy",
        "top_5_accuracy",
        "balanced_accuracy",
        "precision",
        "recall",
        "specificity",
        "f1",
        "fbeta",
        "roc_auc",
        "pr_auc",
        "average_precision",
        "log_loss",
        "mcc",
        "cohen_kappa",
        "brier_score",
        "hamming_loss",
        "zero_one_loss",
        "confusion_matrix",
        "classification_report",
        "multi_logloss",
    ]
)
CLUSTERING = frozenset(["silhouette", "calinski_harabasz", "davies_bouldin", "adjusted_rand", "mutual_info", "v_measure"])
SUPERVISED = REGRESSION | CLASSIFICATION
PER_CLASS = frozenset({"confusion_matrix", "classification_report"})
"""Show each class by itself."""

_PREFIX = re.compile(
    r"^(?:train(?:ing)?|valid(?:ation)?|val|test(?:ing)?|eval(?:uation)?|dev|cv|oof|out_of_fold|final|best|overall|total|macro|micro|weighted|"
    r"mean|avg|average|epoch|running|neg|my|model|log|holdout|held_out|new|old|current|cur|global|local|metrics?)_+"
)
_SUFFIX = re.compile(
    r"_+(?:scores?|macro|micro|weighted|train(?:ing)?|valid(?:ation)?|val|test(?:ing)?|eval|mean|avg|best|metrics?|value|val|epoch|step|pct|percent|"
    r"percentage|fn|func|function|computed|calc|samples|binary|history|list|result|results|rate_score|ovr|ovo|\d{1,2}|at_\d+|lr|rf|svm|knn|dt|nb|xgb|"
    r"lgb|lgbm|gb|log|tree|forest|model|mlp|cnn|lstm|svc|linear|ridge|lasso|overall|total|final|ratio|multi|binary|multiclass|multilabel)$"
)


@lru_cache(maxsize=8192)
def standard_name(text: str) -> str | None:
    """The standard word of a metric as written in code or prose, or None: `val/Acc_best` is `accuracy`."""
    if len(text) > 60:
        return None
    word = _snake(text)
    for _ in range(4):
        if name := CANONICAL.get(word) or CANONICAL.get(word.replace("_", "")):
            return name
        shorter = _PREFIX.sub("", word, count=1)
        if shorter == word:
            shorter = _SUFFIX.sub("", word, count=1)
        if shorter == word:
            return None
        word = shorter
    return None


def _snake(text: str) -> str:
    text = re.sub(r"([a-z])([A-Z][a-z])", r"\1_\2", text.strip().replace("²", "2").replace("R^2", "r2").replace("r^2", "r2"))
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def is_known(text: str) -> bool:
    """Whether the word itself, without dropping prefixes, is a metric."""
    return _snake(text) in CANONICAL
