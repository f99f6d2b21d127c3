# Axiom's servers and workers, for compose.yaml. Nothing of an analysed repository ever runs in this image: its commands get
# containers of their own.
ARG BASE_IMAGE=python:3.12-slim
FROM ${BASE_IMAGE}

RUN apt-get update \
 && apt-get install --yes --no-install-recommends git ca-certificates \
 && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir "uv>=0.9,<1"

WORKDIR /opt/axiom
# Dependencies change less often than code: a layer of their own.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project
# MLflow's way to PostgreSQL; Prefect brings its own.
RUN uv pip install --no-cache "psycopg2-binary>=2.9,<3"
COPY prefect.yaml ./
COPY blocks blocks
COPY flows flows
COPY tasks tasks
COPY workers workers
COPY examples examples
RUN uv sync --frozen --no-dev --inexact --compile-bytecode

RUN useradd --create-home --uid 10001 axiom && mkdir -p /var/lib/axiom && chown axiom:axiom /var/lib/axiom
USER axiom
# Not in the checkout: Prefect takes settings from files of the current folder.
WORKDIR /var/lib/axiom
ENV PATH=/opt/axiom/.venv/bin:$PATH \
    HOME=/tmp \
    AXIOM_HOME=/var/lib/axiom \
    PREFECT_HOME=/var/lib/axiom/prefect \
    DO_NOT_TRACK=true \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT=false \
    MLFLOW_DISABLE_TELEMETRY=true \
    MLFLOW_ALLOW_PICKLE_DESERIALIZATION=false \
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false \
    LITELLM_LOCAL_MODEL_COST_MAP=True \
    LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS=True
ENTRYPOINT []
CMD ["axiom", "--help"]
