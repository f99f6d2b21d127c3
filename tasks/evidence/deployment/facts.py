"""How a model reaches its users, as far as a repository shows it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from tasks.evidence.place import Place


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Service(_Facts):
    """A file that starts or defines a service or an app."""

    file: str
    framework: str
    """`flask`, `fastapi`, `streamlit`, …"""
    interface: str
    """`api`, `app` (a page for people) or `batch`."""
    predicts: bool
    """A model is loaded or asked for a prediction in this file."""
    place: Place


class Infrastructure(_Facts):
    """Configuration that brings a service to machines."""

    kind: str
    """`kubernetes`, `helm`, `terraform`, `serverless`, `procfile`, …"""
    place: Place


class DeploymentFacts(_Facts):
    services: tuple[Service, ...] = ()
    contracts: tuple[Place, ...] = ()
    """Typed requests and responses, OpenAPI or protobuf files, model signatures."""
    health_endpoints: tuple[Place, ...] = ()
    model_loads: tuple[Place, ...] = ()
    """Where serving code loads a model; the note says how."""
    debug_servers: tuple[Place, ...] = ()
    """A development server started with its debugger on."""
    infrastructure: tuple[Infrastructure, ...] = ()
    rollbacks: tuple[Place, ...] = ()
    """What allows going back to an earlier model: registry aliases or versions, rollout strategies, image tags."""
