"""The room of scores: metrics with their direction, intervals, paired tests, calibration, slices, and the facts of candidates.

Every score compares by its metric's direction; a failed candidate is worst, never zero.
"""
