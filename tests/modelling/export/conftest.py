"""One ensemble of an everyday table and one with texts, saved once."""

import json
from dataclasses import replace

import pytest

from tasks.modelling.export.documents import example_of
from tasks.modelling.runtime.saving import save_model
from tests.modelling.models import ALL, fit_predictor, raw_table


@pytest.fixture(scope="session")
def plain_model():
    return replace(
        fit_predictor(["logistic", "lightgbm", "extra_trees"], columns=("age", "income", "colour", "member", "price", "town")),
        threshold=0.4,
    )


@pytest.fixture(scope="session")
def text_model():
    return fit_predictor(["ridge", "lightgbm"], "regression", columns=ALL)


@pytest.fixture(scope="session")
def saved(tmp_path_factory, plain_model, text_model):
    folders = {}
    for name, model in (("plain", plain_model), ("text", text_model)):
        folders[name] = tmp_path_factory.mktemp(name) / "model"
        save_model(model, folders[name], {"input_example.json": json.dumps(example_of(model, raw_table(30)))})
    return folders
