"""Packages that nobody imports and some call or library needs all the same."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.rules.environment.closure import Closure

BY_CALL = {
    "read_excel": "openpyxl", "to_excel": "openpyxl", "ExcelWriter": "openpyxl", "ExcelFile": "openpyxl",
    "read_excel.xls": "xlrd", "ExcelFile.xls": "xlrd", "read_parquet": "pyarrow", "to_parquet": "pyarrow", "read_feather": "pyarrow",
    "to_feather": "pyarrow", "read_orc": "pyarrow", "read_hdf": "tables", "to_hdf": "tables", "HDFStore": "tables",
    "read_html": "lxml", "read_xml": "lxml", "to_markdown": "tabulate", "plot_model": "pydot", "model_to_dot": "pydot",
    "to_graphviz": "graphviz", "write_image": "kaleido",
}  # fmt: skip
_PLOTS = frozenset(["plot", "hist", "boxplot", "plot_importance", "plot_tree"])
_PLOTTING = frozenset(["pandas", "xgboost", "lightgbm"])
BY_LIBRARY = {
    "keras": ("tensorflow", "its backend"),
    "tensorflow-addons": ("tensorflow", "it extends it"),
    "tensorflow-hub": ("tensorflow", "it extends it"),
    "tensorflow-datasets": ("tensorflow", "it extends it"),
    "keras-tuner": ("tensorflow", "its backend"),
    "xgboost": ("scikit-learn", "its estimators extend scikit-learn's"),
    "lightgbm": ("scikit-learn", "its estimators extend scikit-learn's"),
    "pytorch-tabnet": ("torch", "it extends it"),
    "pytorch-lightning": ("torch", "it extends it"),
    "torchmetrics": ("torch", "it extends it"),
    "sentence-transformers": ("torch", "its backend"),
    "timm": ("torch", "its backend"),
    "scikit-plot": ("matplotlib", "it draws with it"),
    "seaborn": ("matplotlib", "it draws with it"),
}
_BACKENDS = frozenset(["tensorflow", "torch", "jax", "tensorflow-cpu"])


def implied_packages(closure: Closure, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Package and source (`read_excel in train.py:3`) of what the calls and the imported packages imply."""
    for call, file in closure.implied:
        package = BY_CALL.get(call.call)
        if call.call in ("SummaryWriter", "TensorBoard") and names & {"torch", "tensorflow"} and call.call == "SummaryWriter":
            package = "tensorboard"
        if call.call in _PLOTS and names & _PLOTTING:
            package = "matplotlib"
        if package and package not in names:
            yield package, f"{call.call.removesuffix('.xls')} in {file}:{call.line}"
    for library, (package, reason) in BY_LIBRARY.items():
        if library in names and package not in names and not (library == "keras" and names & _BACKENDS):
            yield package, f"{library}: {reason}"
