# Everything rests on `make setup`: uv goes into the project's own environment, then the locked install.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup demo demo-execute test lint bench docs clean

setup: $(VENV)/.locked

$(VENV)/.locked: uv.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit("Axiom needs Python 3.11 or newer: make setup PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --frozen --quiet --inexact --compile-bytecode
	@touch $@

demo: setup
	@$(BIN)/python -m flows.demo

demo-execute: setup
	@$(BIN)/python -m flows.demo execute

# Three processes: most of the slow tests wait for a container or a server. Tests of one file stay together, with their servers.
test: lint
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m tests.benchmarks

docs: setup
	$(BIN)/python -m tasks.rendering.docs

clean:
	rm -rf $(VENV) axiom-out
