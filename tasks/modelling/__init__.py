"""The room of making: features, candidates, tuning, ensembles, the final model, plots.

What is made follows the contract and the split, which are rules; how good it is, is measured in `tasks/evidence/scores`.
No Prefect, no MLflow, no network. Code a language model wrote is never run here: see `tasks/adapters/container`.
`runtime/` is what a finished model needs to predict; it is copied beside every exported model and imports nothing else of ours
but the schema of a table. Trap: scikit-learn, LightGBM and CatBoost take seconds to import, so they are imported where used.
"""
