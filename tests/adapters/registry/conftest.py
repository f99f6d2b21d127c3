import pytest

from tests.adapters.registry.shop import Shop


@pytest.fixture
def shop(axiom_home, tracked, tmp_path):
    return Shop(axiom_home, tmp_path / "outputs")
