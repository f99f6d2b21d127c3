"""The Prefect steps of `flows/comparison.py`."""
