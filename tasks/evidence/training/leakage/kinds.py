"""The closed list of leaks that are looked for, each with what it means in one sentence."""

from __future__ import annotations

LEAK_KINDS: dict[str, str] = {
    "scaler_or_imputer_fit_before_split": (
        "A scaler, imputer, projection, vectoriser or column statistic was learnt over all rows, and the rows were split afterwards."
    ),
    "encoder_fit_before_split": "A categorical encoder was fitted on all rows, and the rows were split afterwards.",
    "target_encoding_before_split": (
        "Categories were replaced by statistics of the target over all rows, so held-out labels stand in the features."
    ),
    "feature_selection_before_split": "Features were chosen by their relation to the target over all rows, held-out ones included.",
    "oversampling_before_split": "Rows were duplicated or synthesised before the split, so copies of one row stand on both sides.",
    "fit_on_train_plus_test": "Training and held-out rows were joined again, and something was learnt from them together.",
    "train_test_overlap": "The model was fitted on rows that contain the ones it is scored on.",
    "evaluated_on_training_data": "The only result reported is measured on the rows the model was fitted on.",
    "model_selection_on_test": "Models, hyperparameters or thresholds were compared on the test set, and the best one was kept.",
    "early_stopping_on_test": "The rows that decide when training stops or which epoch is kept are the rows the result is reported on.",
    "target_in_features": "The features still hold the target, or columns computed from it or adding up to it.",
    "target_filter_before_split": "Rows were dropped by the value of their target before the split, so the test set holds only easy rows.",
    "random_split_of_time_series": "Rows with lagged or rolling features were shuffled into training and test: the model sees the future.",
    "future_values_in_features": "A feature of a row was computed from later rows: a negative shift, a centred window, a backward fill.",
    "group_in_both_parts": "Rows of one person, device or document were split row by row, so the same group is learnt and tested.",
    "id_as_feature": "A row or entity identifier is left among the features.",
    "continued_training_from_checkpoints": (
        "Training resumes from a checkpoint committed or left by an earlier run, whose split may have been another one."
    ),
}  # fmt: skip
