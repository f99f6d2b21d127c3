"""Axiom's settings and secrets as Prefect blocks, with defaults from the environment.

What a block named `axiom` says wins over the environment, which fills what it leaves empty; without an API to ask, the
environment alone decides.
"""

from __future__ import annotations

import os
from typing import Literal, TypeVar, cast

from prefect.blocks.core import Block
from pydantic import Field, SecretStr

from blocks.environment import build_defaults, choice, number

SomeBlock = TypeVar("SomeBlock", bound=Block)
BLOCK_NAME = "axiom"
Isolation = Literal["container", "gvisor", "microvm"]
Executor = Literal["processes", "dask", "ray"]


class AnalysisSettings(Block):
    """Where repositories may come from, and the limits of a model's use."""

    _block_type_name = "Axiom analysis settings"
    _block_type_slug = "axiom-analysis-settings"
    _description = "Allowed hosts, the folder deployments may read local repositories from, and model limits."

    allowed_hosts: list[str] = Field(
        default_factory=lambda: [h.strip() for h in os.environ.get("AXIOM_ALLOWED_HOSTS", "").split(",") if h.strip()],
        title="Allowed hosts",
        description="Hosts beyond github.com, gitlab.com, bitbucket.org, codeberg.org and huggingface.co; "
        "host:port may be http or loopback.",
    )
    local_root: str | None = Field(
        default_factory=lambda: os.environ.get("AXIOM_LOCAL_ROOT") or None,
        title="Local folder",
        description="Deployments may analyse local repositories below this folder only; empty: none.",
    )
    model: str | None = Field(
        default_factory=lambda: os.environ.get("AXIOM_MODEL") or None,
        title="Language model",
        description="litellm model string, such as anthropic/… or groq/openai/gpt-oss-120b; empty: no model.",
    )
    model_seconds: float = Field(default_factory=lambda: number("AXIOM_MODEL_SECONDS", 60), gt=0, title="Seconds per agent")
    model_tokens: int = Field(default_factory=lambda: int(number("AXIOM_MODEL_TOKENS", 200_000)), gt=0, title="Tokens per run")
    model_usd: float = Field(default_factory=lambda: number("AXIOM_MODEL_USD", 1.0), gt=0, title="US dollars per run")


class ExecutionSettings(Block):
    """When a trained model is registered, and how well untrusted code must be isolated."""

    _block_type_name = "Axiom execution settings"
    _block_type_slug = "axiom-execution-settings"
    _description = "Least scores for registering a model, and the least isolation an execution accepts."

    min_readiness: float = Field(
        default_factory=lambda: number("AXIOM_MIN_READINESS", 6.0, least=0.0),
        ge=0,
        le=10,
        title="Least readiness score",
        description="A model is registered when its repository reaches this score.",
    )
    min_deployment: float = Field(
        default_factory=lambda: number("AXIOM_MIN_DEPLOYMENT", 5.0, least=0.0),
        ge=0,
        le=10,
        title="Least deployment score",
        description="The same for deployment readiness, where a repository serves anything.",
    )
    min_isolation: Isolation = Field(
        default_factory=lambda: cast(Isolation, choice("AXIOM_MIN_ISOLATION", ("container", "gvisor", "microvm"))),
        title="Least isolation",
        description="Executions are refused on an engine that isolates less.",
    )


class BuildSettings(Block):
    """How many fits of a model building run side by side, and where."""

    _block_type_name = "Axiom build settings"
    _block_type_slug = "axiom-build-settings"
    _description = "Parallel work of model building: processes of this machine, Dask or Ray; shared storage of Optuna."

    jobs: int = Field(
        default_factory=lambda: build_defaults()["jobs"],
        ge=1,
        le=256,
        title="Fits side by side",
        description="Each uses one processor.",
    )
    executor: Executor = Field(
        default_factory=lambda: cast(Executor, build_defaults()["executor"]),
        title="Executor",
        description="processes, or dask or ray, for which `axiom-mlops[dask]` or `axiom-mlops[ray]` must be installed.",
    )
    address: str = Field(
        default_factory=lambda: str(build_defaults()["address"]),
        title="Scheduler",
        description="Address of Dask's scheduler or of Ray; empty: one is started on this machine.",
    )
    optuna_storage: str = Field(
        default_factory=lambda: str(build_defaults()["optuna_storage"]),
        title="Optuna storage",
        description="URL of a database that several builds share; empty: a journal in the build's folder.",
    )


class ModelCredentials(Block):
    """The key of a language model's provider. Without this block the provider's own variable is used."""

    _block_type_name = "Axiom model credentials"
    _block_type_slug = "axiom-model-credentials"
    _description = "API key and, for a server of your own, its address."

    api_key: SecretStr | None = Field(default=None, title="API key")
    api_base: str | None = Field(default_factory=lambda: os.environ.get("AXIOM_MODEL_API_BASE") or None, title="API address")


def load_settings() -> AnalysisSettings:
    """The `axiom` block, with the environment for what it leaves empty: a worker's variable must not go unheard.

    Hosts of both are allowed.
    """
    block, environment = _load(AnalysisSettings), AnalysisSettings()
    return block.model_copy(update={
        "allowed_hosts": list(dict.fromkeys([*block.allowed_hosts, *environment.allowed_hosts])),
        "local_root": block.local_root or environment.local_root,
        "model": block.model or environment.model,
    })  # fmt: skip


def load_execution_settings() -> ExecutionSettings:
    """The `axiom` block, or the environment where there is none."""
    return _load(ExecutionSettings)


def load_build_settings() -> BuildSettings:
    """The `axiom` block, or the environment where there is none."""
    return _load(BuildSettings)


def load_credentials() -> ModelCredentials:
    """The `axiom` credentials block, or nothing but the environment."""
    return _load(ModelCredentials)


def _load(kind: type[SomeBlock]) -> SomeBlock:
    try:
        return cast(SomeBlock, kind.load(BLOCK_NAME))
    except ValueError:
        return kind()
