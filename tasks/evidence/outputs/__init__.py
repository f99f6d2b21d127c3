"""Facts of what a training run left behind: its log, its files, its own MLflow store. Everything here is hostile until read."""
