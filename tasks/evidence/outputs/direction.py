"""Which way a metric is better, by its standard word or the words in its name."""

from __future__ import annotations

import re

from tasks.evidence.outputs.facts import Direction

LOWER = frozenset(
    [
        "log_loss", "mse", "rmse", "mae", "mape", "smape", "medae", "rmsle", "msle", "max_error", "brier_score", "hamming_loss",
        "zero_one_loss", "hinge_loss", "davies_bouldin", "perplexity", "wer", "cer", "fid", "eer", "aic", "bic", "loss", "average_loss",
        "multi_logloss", "error_rate",
    ]
)  # fmt: skip
HIGHER = frozenset(
    [
        "accuracy", "top_5_accuracy", "balanced_accuracy", "precision", "recall", "specificity", "f1", "fbeta", "roc_auc", "pr_auc",
        "average_precision", "map", "r2", "explained_variance", "mcc", "cohen_kappa", "jaccard", "iou", "dice", "silhouette",
        "calinski_harabasz", "adjusted_rand", "mutual_info", "v_measure", "ndcg", "mrr", "hit_rate", "bleu", "rouge", "meteor", "chrf",
        "bertscore", "exact_match", "inception_score", "psnr", "ssim", "faithfulness", "answer_relevancy", "context_precision",
        "context_recall", "pearson", "spearman", "reward", "score", "concordance_index",
    ]
)  # fmt: skip
SPLITS = ("train", "validation", "test")
_QUALIFIED = re.compile(r"^(?:neg|macro|micro|samples|class_.{1,60})_(?=[a-z0-9]+(?:_[a-z0-9]+)?$)")
_LOWER_WORDS = frozenset(["loss", "error", "err", "errors", "errd", "errg", "nll", "perplexity", "divergence", "kl", "cost"])
_HIGHER_WORDS = frozenset(["score", "accuracy", "acc", "auc", "f1", "precision", "recall", "reward", "bleu", "r2"])


def base_name(name: str) -> str:
    """The metric without the split in front: `validation_rmse` is `rmse`."""
    head, _, rest = name.partition("_")
    return rest if head in SPLITS and rest else name


def direction_of(name: str) -> Direction:
    """`higher`, `lower` or `unknown`. A negated error, `neg_mse`, is better the higher it is.

    >>> direction_of("validation_rmse"), direction_of("class_cat_f1"), direction_of("iterations")
    ('lower', 'higher', 'unknown')
    """
    base = base_name(name)
    if base.startswith("neg_"):
        return "higher" if direction_of(base[4:]) == "lower" else "unknown"
    base = _QUALIFIED.sub("", base)
    if base in LOWER:
        return "lower"
    if base in HIGHER:
        return "higher"
    words = set(base.split("_"))
    lower, higher = bool(words & _LOWER_WORDS), bool(words & _HIGHER_WORDS)
    return "unknown" if lower == higher else "lower" if lower else "higher"
