"""Drift statistics on arrays and frames: one statistic per file, and the feature by feature comparison of two frames."""
