import json

import pytest

from tasks.evidence.training.seeds import read_seeds, sum_up

SKLEARN = "from sklearn.model_selection import train_test_split\nfrom sklearn.ensemble import RandomForestClassifier\n"


@pytest.mark.parametrize(
    ("code", "seeded"),
    [
        ("import numpy as np\nnp.random.seed(0)\n", "yes"),
        ("import torch\ntorch.manual_seed(1)\n", "yes"),
        ("from pytorch_lightning import seed_everything\nseed_everything(3)\n", "yes"),
        (SKLEARN + "a, b = train_test_split(x, random_state=1)\nm = RandomForestClassifier(random_state=1)\n", "yes"),
        (SKLEARN + "a, b = train_test_split(x, random_state=1)\nm = RandomForestClassifier()\n", "partial"),
        (SKLEARN + "a, b = train_test_split(x)\nm = RandomForestClassifier(random_state=1)\n", "partial"),
        (SKLEARN + "a, b = train_test_split(x)\nm = RandomForestClassifier()\n", "no"),
        (SKLEARN + "a, b = train_test_split(x, random_state=None)\nm = RandomForestClassifier(random_state=None)\n", "no"),
        ("import numpy as np\nnp.random.seed()\n", "no"),
        ("import pyspark\na, b = df.randomSplit([0.8, 0.2], 24)\n", "partial"),
    ],
)
def test_how_far_randomness_is_fixed(snapshot, code, seeded):
    assert sum_up(read_seeds(snapshot(train_py=code))) == seeded


def test_a_seed_in_a_test_says_nothing_about_training(snapshot):
    files = {"tests/test_model.py": "import numpy as np\nnp.random.seed(0)\n", "train.py": SKLEARN + "a, b = train_test_split(x)\n"}
    assert sum_up(read_seeds(snapshot(**files))) == "no"


def test_r_and_julia_seeds_count(snapshot):
    reading = read_seeds(snapshot(**{"train.R": "set.seed(1)\n", "fit.jl": "Random.seed!(2)\n", "note.R": "# set.seed(1)\n"}))
    assert sorted((s.library, s.place.file) for s in reading.seeds) == [("jl", "fit.jl"), ("r", "train.R")]


def test_a_seed_that_a_template_leaves_null_is_conditional(snapshot):
    code = "import pytorch_lightning as pl\ndef train(cfg):\n    if cfg.get('seed'):\n        pl.seed_everything(cfg.seed)\n"
    assert sum_up(read_seeds(snapshot(**{"train.py": code, "configs/train.yaml": "seed: null\n"}))) == "partial"
    assert sum_up(read_seeds(snapshot(**{"train.py": code, "configs/train.yaml": "seed: 42\n"}))) == "yes"


def test_random_steps_left_free_are_told_with_their_place(snapshot):
    code = SKLEARN + "a, b = train_test_split(x)\nm = RandomForestClassifier()\nd = df.sample(frac=1)\n"
    places = [(p.line, p.note) for p in read_seeds(snapshot(train_py=code)).unseeded]
    assert places == [
        (3, "train_test_split without a seed"),
        (4, "RandomForestClassifier without random_state"),
        (5, "rows shuffled without random_state"),
    ]


def test_an_exploring_notebook_does_not_spoil_seeded_scripts(snapshot):
    seeded = SKLEARN + "a, b = train_test_split(x, random_state=1)\nm = RandomForestClassifier(random_state=1)\n"
    cell = {"cell_type": "code", "source": SKLEARN + "a, b = train_test_split(x)\n", "outputs": []}
    files = {"train.py": seeded, "look.ipynb": json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4})}
    assert sum_up(read_seeds(snapshot(**files))) == "yes"
