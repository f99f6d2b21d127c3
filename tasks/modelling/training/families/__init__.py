"""The families of models a search tries. Each module fits one kind and returns an estimator that can travel (`runtime/`)."""
