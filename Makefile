# Plain lines behind short names; README.md gives the same lines for a machine without make.

PYTHON ?= python3
WORKERS ?= 3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --disable-pip-version-check --quiet --require-hashes
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --generate-hashes --no-header \
	--no-annotate --python-version 3.11 --python-platform linux

# The tests start the program some hundred times; without this each start compiles all of it anew
# where the environment says that nothing compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint format lock audit faults bench messages

run: .venv/.installed-app  ## the whole site with demo content on http://127.0.0.1:8000
	@THRESHOLD_MODE=$${THRESHOLD_MODE:-demo} \
		$(BIN)/flask --app wsgi matching fetch-model --if-missing --seconds 120 || true
	THRESHOLD_MODE=$${THRESHOLD_MODE:-demo} $(BIN)/flask --app wsgi start

test: lint  ## everything that must hold before a change goes in
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: .venv/.installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --cache-dir .import_linter_cache

TIMES ?= 3

faults: .venv/.installed-tests  ## do what must be survived; the table is in benchmarks/faults
	$(BIN)/python -m benchmarks.faults --times $(TIMES)

bench: .venv/.installed-tests  ## measure everything (ten minutes); the tables are in benchmarks
	$(BIN)/python -m benchmarks $(BENCH)

format: .venv/.installed-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.installed-tests  ## after a change of the dependencies in pyproject.toml
	$(BIN)/pip install --disable-pip-version-check --quiet uv
	$(COMPILE) --output-file app/requirements.lock
	$(COMPILE) --extra test --constraint app/requirements.lock \
		--output-file tests/requirements.lock

messages: .venv/.installed-tests  ## after a change of marked sentences: into every catalogue
	$(BIN)/python -m tests.support.messages

audit: .venv/.installed-tests  ## whether an advisory names what the lock names; needs a network
	@.ci/audit

# Each file says which lock the environment was last filled from; a newer lock fills it again.
.venv/.installed-app: app/requirements.lock | $(BIN)/python
	@echo "Installing what the site needs (once, and after a change of $<) ..."
	$(INSTALL) -r $<
	@touch $@

.venv/.installed-tests: tests/requirements.lock | $(BIN)/python
	@echo "Installing what the tests need (once, and after a change of $<) ..."
	$(INSTALL) -r $<
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
