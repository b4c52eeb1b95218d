# `make run` starts Holdfast, `make test` runs every check and test; `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
PORT ?=
HOST ?=
WORKERS ?= 3
unexport PYTHONDONTWRITEBYTECODE  # hundreds of processes are started: each would compile everything anew

.PHONY: help run setup check test engine demo bench lock clean

help:  ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp  ## set up, make the demo company if there is no data, start everything (PORT=8501 HOST=127.0.0.1)
	@$(PY) -m engine demo --if-empty
	@exec $(PY) app.py $(if $(PORT),--port $(PORT)) $(if $(HOST),--host $(HOST))

setup: $(VENV)/run.stamp  ## create .venv with what Holdfast runs on

check: $(VENV)/dev.stamp  ## format, lint, types, room fences, portable SQL: seconds
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache
	@$(PY) -m metrics.portable

test: $(VENV)/dev.stamp check  ## every check and test
	@tests/install-browser
	@tests/install-postgres
	@tests/install-nginx
	@tests/install-mimalloc
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

engine: $(VENV)/run.stamp  ## the background engine alone
	@exec $(PY) -m engine run

demo: $(VENV)/run.stamp  ## make the demo company
	@$(PY) -m engine demo

bench: $(VENV)/dev.stamp  ## measure speed; the figures go into benchmarks/README.md
	@$(PY) -m benchmarks

lock: $(VENV)/dev.stamp  ## pin requirements.txt and requirements-dev.txt afresh, with hashes
	@$(PY) -m pip install --quiet uv
	@$(VENV)/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header requirements.in -o requirements.txt
	@$(VENV)/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

clean:  ## remove .venv and caches; your data in data/var stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Holdfast needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Could not create $(VENV): on Debian, apt install python3-venv." >&2; exit 1; }

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Holdfast runs on (once, about a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what checks and tests need (once) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp
