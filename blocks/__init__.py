"""Settings and secrets as Prefect blocks, with defaults from the environment.

Only Prefect and pydantic. Secrets never travel as flow parameters: they sit here or in the provider's variable.
"""
