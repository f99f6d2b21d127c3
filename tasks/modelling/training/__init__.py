"""Candidates, cross-validation under a deadline, tuning, ensembles; what is finished is found again after a crash."""
