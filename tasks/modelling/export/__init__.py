"""A model as a folder of its own: `predict.py`, a service, ONNX."""
