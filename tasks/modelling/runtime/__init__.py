"""What a finished model needs to predict: views, estimators, calibration, the predictor and its files. Copied beside every exported model."""
