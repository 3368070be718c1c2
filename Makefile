# Needs Python >= 3.11 with venv, and make; everything else comes from requirements.lock into .venv.
# Another Python: make test PYTHON=python3.13.  More arguments: make report ARGS="-k cos --seed 7".

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP_INSTALL := -m pip --disable-pip-version-check install --quiet
# Only `make test-browser` uses it: the checker of HTML.
VNU := build/vnu.jar
VNU_VERSION := 26.9.27
VNU_SHA256 := 22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47
# Only `make lock` uses it, in an environment of its own.
UV := uv==0.13.9

.DEFAULT_GOAL := help
.PHONY: help report test test-browser lint prove bench-symbolic lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

report: $(INSTALLED) ## judge the built-in catalogue: python -m verify $(ARGS)
	@$(BIN)/python -m verify $(ARGS)

test: $(INSTALLED) ## the tests, under 5 minutes: pytest $(ARGS)
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

test-browser: $(INSTALLED) $(VNU) ## the pages, valid and in a real browser; needs Debian's chromium, java and npm
	@$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

lint: $(INSTALLED) ## ruff and mypy --strict over packages and tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict

prove: $(INSTALLED) ## the long calibrations of the error rates: pytest -m prove $(ARGS)
	@$(BIN)/python -m pytest -m prove $(ARGS)

bench-symbolic: $(INSTALLED) ## our closed forms against SymPy's, 60 s each: ARGS="--limit 5" for less
	@$(BIN)/python -m tests.benchmarks.symbolic $(ARGS)

lock: ## write requirements.lock anew; ARGS=--upgrade takes newer versions
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python $(PIP_INSTALL) $(UV)
	@build/lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
	    --generate-hashes --custom-compile-command "make lock" --all-extras --output-file requirements.lock \
	    $(ARGS) pyproject.toml

clean: ## remove .venv and everything else that make has written
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find symbolic numeric verify tests -type d -name __pycache__ -prune -exec rm -rf {} +

# Built again when the lock or the metadata changes. All words go to stderr: stdout belongs to the report.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "PYTHON=$(PYTHON) is missing or older than 3.11; name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Building $(VENV) from requirements.lock, once; about a minute ..." >&2
	@$(PYTHON) -m venv $(VENV) >&2 || \
	    { echo "PYTHON=$(PYTHON) has no working venv module; install it (Debian: apt install python3-venv)" >&2; exit 1; }
	@$(BIN)/python $(PIP_INSTALL) --require-hashes --only-binary :all: --requirement requirements.lock >&2
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable . >&2
	@touch $@

$(VNU):
	@{ command -v java && command -v npm; } >/dev/null || { echo "java and npm are needed (Debian: default-jre-headless npm)" >&2; exit 1; }
	@mkdir -p build
	@cd build && npm pack --silent vnu-jar@$(VNU_VERSION) >&2
	@tar -xzf build/vnu-jar-$(VNU_VERSION).tgz -C build --strip-components=3 package/build/dist/vnu.jar
	@echo "$(VNU_SHA256)  $@" | sha256sum --check --quiet || { rm -f $@; exit 1; }
	@touch $@
