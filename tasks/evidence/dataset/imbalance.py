"""Whether code names a remedy for imbalanced classes."""

from __future__ import annotations

import re

_REMEDY = re.compile(
    r"class_weights?\b|scale_pos_weight|\bpos_weight\b|\bis_unbalance\b|auto_class_weights|compute_(?:class|sample)_weight|"
    r"\bsample_weights?\s*=|"
    r"\bSMOTE|ADASYN|Random(?:Over|Under)Sampler|\bimblearn\b|WeightedRandomSampler|[Ff]ocal_?[Ll]oss|step_(?:smote|upsample|"
    r"downsample)|\bROSE\b|"
    r"\bsklearn\.utils import[^\n]{0,80}\bresample\b|\butils\.resample\(|\b(?:over|under)_?sampl(?:e|ing)\w*|classwt|BalancedRandomForest"
)


def mentions_remedy(texts: list[tuple[str, str]]) -> bool:
    return any(_REMEDY.search(text) for _, text in texts)
