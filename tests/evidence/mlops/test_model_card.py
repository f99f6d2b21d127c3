import pytest

from tasks.evidence.mlops.model_card import find_model_cards


@pytest.mark.parametrize("name", ["MODEL_CARD.md", "model_cards/lit.md", "docs/model-card.md", "modelcard.md"])
def test_card_is_known_by_name(repository, name):
    (card,) = find_model_cards(repository({name: "# Model\n## Intended use\n## Limitations\n## Training data\n"}))
    assert (card.place.file, card.covers) == (name, ("intended use", "limitations", "training data"))


@pytest.mark.parametrize(
    "text", ["---\nlicense: mit\nlibrary_name: transformers\n---\n# A\n", "# Project\n\n## Model Card\nBias and risks.\n"]
)
def test_readme_may_be_a_card(repository, text):
    assert len(find_model_cards(repository({"README.md": text}))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "We write model cards for every model."),
        ("model_card.py", "x = 1"),
        ("MODEL_CARD.md", " \n"),
        ("model_card_template.md", "# Bias"),
    ],
)
def test_mention_code_template_and_empty_file_are_none(repository, name, text):
    assert find_model_cards(repository({name: text})) == ()
