"""The Prefect steps of `flows/execution.py`."""
