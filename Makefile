# Two commands for people: `make demo` and `make test`. Each sets up its own virtual environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Worker processes of the tests; both cores where nothing is said.
JOBS ?= 2

.PHONY: demo test lint release refresh clean

demo: $(VENV)/.demo
	$(BIN)/onrecord demo -o demo

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

lint: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

# The released folder that the editable install serves, built again after a change of corpus or labels.
release: $(VENV)/.demo
	$(BIN)/python scripts/assemble.py -o benchmark/onrecord/_release

# Everything that hangs on the corpus or its labels, made again in the right order; only what changed runs.
refresh: $(VENV)/.test
	$(BIN)/python scripts/refresh.py

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("OnRecord needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say: make PYTHON=/path/to/python3.11 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: $(BIN)/python pyproject.toml hatch_build.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml hatch_build.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev]'
	touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) demo build dist benchmark/onrecord/_release
