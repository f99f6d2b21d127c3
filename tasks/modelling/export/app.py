"""An HTTP service around one model: `uvicorn app:create_app --factory`.

    GET  /health    is it up, and which model
    GET  /schema    the columns it reads, as JSON Schema
    POST /predict   {"rows": [{"column": value, ...}, ...]} -> predictions, probabilities

MODEL_FOLDER, MAX_ROWS and MAX_BYTES in the environment change the model's folder and the limits of one request. It keeps
nothing of what it is sent and has no authentication: put it behind what guards your other services.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pandas as pd
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field, create_model

HERE = Path(__file__).resolve().parent
Cell = str | int | float | bool | None
Number = float | None
Receive = Callable[[], Awaitable[dict[str, Any]]]


def create_app(folder: Path | None = None) -> FastAPI:
    """The service of a model's folder; MODEL_FOLDER, or `model` beside this file, when none is given."""
    if (HERE / "runtime").is_dir():
        sys.path.insert(0, str(HERE / "runtime"))
    from tasks.modelling.runtime.saving import load_model

    predictor = load_model(
        folder or Path(os.environ.get("MODEL_FOLDER", HERE / "model")), trust_generated_code=os.environ.get("TRUST_GENERATED_CODE") == "1"
    )
    app = FastAPI(title=f"Predict {predictor.target}", docs_url="/docs", redoc_url=None)
    app.add_middleware(BodyLimit, most=int(os.environ.get("MAX_BYTES", 10_000_000)))
    request = _request_model(predictor, int(os.environ.get("MAX_ROWS", 1000)))

    @app.get("/health")
    def health() -> dict[str, Any]:
        return {"status": "ok", "target": predictor.target, "task": predictor.task, "classes": list(predictor.classes)}

    @app.get("/schema")
    def schema() -> dict[str, Any]:
        columns = [{"name": c.name, "kind": c.kind, "formats": list(c.formats)} for c in predictor.read_schema.columns]
        return {"target": predictor.target, "task": predictor.task, "columns": columns, "request": request.model_json_schema()}

    def predict(body: Any) -> dict[str, Any]:
        rows = [row.model_dump(by_alias=True) for row in body.rows]
        return _answer(predictor, pd.DataFrame(rows, columns=list(predictor.columns), dtype=object))

    # FastAPI reads the annotation, and the model of a request is known only now.
    predict.__annotations__["body"] = request
    app.post("/predict")(predict)
    return app


def _request_model(predictor: Any, most: int) -> type[BaseModel]:
    """One field a column; columns the model does not read are ignored, a column that is not there is an error naming it."""
    fields: dict[str, Any] = {}
    for number, column in enumerate(predictor.read_schema.columns):
        kind = Number if column.kind == "numeric" and column.parse == "number" else Cell
        fields[f"column_{number}"] = (kind, Field(alias=column.name, description=column.kind))
    row = create_model("Row", __config__=ConfigDict(extra="ignore"), **fields)
    return create_model("Rows", __config__=ConfigDict(extra="forbid"), rows=(list[row], Field(min_length=1, max_length=most)))  # type: ignore[valid-type]


def _answer(predictor: Any, frame: pd.DataFrame) -> dict[str, Any]:
    canonical = predictor.canonical(frame)
    unread = _unread(predictor, frame, canonical)
    if unread:
        raise HTTPException(422, unread)
    if not predictor.classes:
        return {"predictions": [float(v) for v in predictor.predict_canonical(canonical)]}
    probabilities = predictor.predict_proba_canonical(canonical)
    told = [dict(zip(predictor.classes, map(float, row), strict=True)) for row in probabilities]
    return {"predictions": [str(label) for label in predictor.decide(probabilities)], "probabilities": told}


def _unread(predictor: Any, frame: pd.DataFrame, canonical: pd.DataFrame) -> list[dict[str, Any]]:
    """Values that are there but say nothing in their column: `abc` among numbers, `soon` among dates. At most ten."""
    found: list[dict[str, Any]] = []
    for column in predictor.read_schema.columns:
        if column.kind not in ("numeric", "boolean", "datetime"):
            continue
        given = frame[column.name].map(lambda v: v is not None and str(v).strip() != "")
        for row in (given & canonical[column.name].isna()).to_numpy().nonzero()[0][:10]:
            told = f"`{str(frame[column.name].iloc[row])[:60]}` cannot be read as {column.kind}"
            found.append({"type": "value_unread", "loc": ["body", "rows", int(row), column.name], "msg": told})
    return found[:10]


class BodyLimit:
    """Answers 413 to a body that is too large, before it is all in memory."""

    def __init__(self, app: Any, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Callable[..., Awaitable[None]]) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        pieces: list[dict[str, Any]] = []
        size = 0
        while True:
            message = await receive()
            pieces.append(message)
            size += len(message.get("body", b""))
            if size > self.most:
                await _too_large(send, self.most)
                return
            if message["type"] != "http.request" or not message.get("more_body"):
                break

        async def replay() -> dict[str, Any]:
            return pieces.pop(0) if pieces else await receive()

        await self.app(scope, replay, send)


async def _too_large(send: Callable[..., Awaitable[None]], most: int) -> None:
    body = f'{{"detail": "the request is larger than {most} bytes; send fewer rows"}}'.encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
