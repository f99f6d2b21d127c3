"""The Prefect steps of `flows/promotion.py`."""
