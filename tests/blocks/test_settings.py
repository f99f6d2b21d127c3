"""Settings from the block and from the environment."""

import pytest

from blocks import settings
from blocks.settings import AnalysisSettings, ExecutionSettings, load_settings


def block(monkeypatch, **values):
    made = AnalysisSettings(**{"allowed_hosts": [], "local_root": None, "model": None, **values})
    monkeypatch.setattr(settings, "_load", lambda kind: made)


def test_the_environment_fills_what_the_block_leaves_empty(monkeypatch):
    block(monkeypatch)
    monkeypatch.setenv("AXIOM_LOCAL_ROOT", "/srv/repositories")
    monkeypatch.setenv("AXIOM_MODEL", "a/b")
    assert (load_settings().local_root, load_settings().model) == ("/srv/repositories", "a/b")


def test_what_the_block_says_wins_and_hosts_of_both_are_allowed(monkeypatch):
    block(monkeypatch, local_root="/srv/of-block", allowed_hosts=["a.example", "b.example"], model_usd=0.5)
    monkeypatch.setenv("AXIOM_LOCAL_ROOT", "/srv/of-environment")
    monkeypatch.setenv("AXIOM_ALLOWED_HOSTS", "b.example,c.example")
    monkeypatch.setenv("AXIOM_MODEL_USD", "9")
    loaded = load_settings()
    assert (loaded.local_root, loaded.model_usd) == ("/srv/of-block", 0.5)
    assert loaded.allowed_hosts == ["a.example", "b.example", "c.example"]


@pytest.mark.parametrize("text", ["abc", "0", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number_names_its_variable(monkeypatch, text):
    monkeypatch.setenv("AXIOM_MODEL_TOKENS", text)
    with pytest.raises(ValueError, match="AXIOM_MODEL_TOKENS must be a number above 0"):
        AnalysisSettings()


def test_an_empty_limit_is_the_default(monkeypatch):
    monkeypatch.setenv("AXIOM_MODEL_USD", "")
    assert AnalysisSettings().model_usd == 1.0


def test_thresholds_of_registering_come_from_the_environment_and_may_be_zero(monkeypatch):
    monkeypatch.setenv("AXIOM_MIN_READINESS", "0")
    assert (ExecutionSettings().min_readiness, ExecutionSettings().min_deployment) == (0.0, 5.0)


@pytest.mark.parametrize(
    ("name", "value"), [("AXIOM_MIN_READINESS", "-1"), ("AXIOM_MIN_DEPLOYMENT", "nan"), ("AXIOM_MIN_ISOLATION", "none")]
)
def test_a_threshold_that_cannot_be_names_its_variable(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name):
        ExecutionSettings()
