"""Where the critic draws its lines, each with its source. Noise is always a paired standard error of the loop's own facts."""

from __future__ import annotations

GAIN_ERRORS = 1.0
"""A loop has gained when it beats the one before by more than so many paired standard errors: the one-standard-error rule of
Breiman, Friedman, Olshen & Stone 1984, between models on the same rows."""
LEAST_SUSPECT_IMPORTANCE = 0.4
"""Share of all importance from which a suspect column dominates. Honest single columns rarely pass it with ten columns. Our policy."""
OVERFIT_SHARE = 0.6
"""Train minus out-of-fold score, as a share of what the champion gains on the dummy. Random forests reach 0.4 without harm."""
CALM_ERRORS = 1.0
"""Noises that a candidate with half the gap may lie behind and still count as good. In 13 builds of our own the closest fit led by more
each time, and regularising, where the gap alone asked for it, gained nothing beyond noise."""
UNDERFIT_GAP_SHARE = 0.1
"""Below it training looks no better than new rows: there is bias left, not variance."""
UNDERFIT_ERRORS = 2.0
"""The champion is near the simple baseline within so many noises."""
FOLD_RATIO = 2.0
"""Spread over folds against what the score's standard error explains; an F test on 4 and many degrees of freedom rejects near 1.5."""
TINY_ROWS = 500
"""Below it one cut into folds decides too much (Kohavi 1995; Varoquaux 2018): the best candidates are bagged."""
BAGS = 3
"""Cross-validations, and seeds, in place of one. More cost more time than a loop has. Our policy."""
THRESHOLD_SPREAD = 0.15
"""Standard deviation of the best threshold over folds, on the scale of probabilities. Our policy."""
MOST_WEIGHT = 20.0
"""Of the positive class; more makes probabilities useless."""
NEARLY_PERFECT = 0.98
"""Share of the way from the dummy to a perfect score at which there is no bias left to remove."""
