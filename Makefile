# The words a newcomer types. Each does its own set-up: a virtual environment in .venv, made once, nothing global.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet
QUICK := not slow and not browser and not soak
# Python keeps what it compiled, whatever the environment says: each process would compile all tests anew, for 5 s.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n auto
# A worker without work takes from another; what a slow module makes for its tests (a browser, a matrix) is made once.
ANY_WORKER := --dist worksteal
ONE_WORKER_A_FILE := --dist loadfile
# Tests of time limits wait for them: with a worker more than there are cores, no core waits with them.
MORE_WORKERS = PYTEST_XDIST_AUTO_NUM_WORKERS=$$(( $$(getconf _NPROCESSORS_ONLN) + 1 ))

.PHONY: help setup refresh build site sql-page status test test-all test-newest wheel tools soak mutants check format benchmark \
	screenshots constraints clean

help:            ## list these words
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: .venv/ready    ## make .venv with what the program needs

refresh: .venv/ready  ## pull every source, build, publish pages and warehouse in data/current
	$(BIN)/trends refresh

build: .venv/ready    ## build and publish from what is landed, asking no source
	$(BIN)/trends build

site: .venv/ready     ## draw the pages anew
	$(BIN)/trends site

sql-page: .venv/ready ## fetch the engine of the SQL page (npm, 31 MB, once); make site then draws that page
	$(BIN)/python -m dashboards.sql_engine

status: .venv/ready   ## what each source gave, and how fresh it is
	$(BIN)/trends status

test: .venv/ready-dev      ## every test that needs nothing but Python, in about a minute
	$(MORE_WORKERS) $(PYTEST) $(ANY_WORKER) -m "$(QUICK)"

test-all: .venv/ready-dev  ## every test, also slow ones and those that need Chromium
	$(PYTEST) $(ONE_WORKER_A_FILE) -m "not soak"

test-newest: .venv/ready-dev ## the quick tests on the newest DuckDB there is, in place of the pinned one
	@$(PYTHON) -m venv --clear .venv-newest
	@.venv-newest/bin/python -m pip install --quiet duckdb
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		> "$$(.venv-newest/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/others.pth"
	@.venv-newest/bin/python -c 'import duckdb; print("DuckDB", duckdb.__version__)'
	PYTHONDONTWRITEBYTECODE= .venv-newest/bin/python -m pytest -q -n auto $(ANY_WORKER) -m "$(QUICK)"

wheel: .venv/ready-dev     ## build dist/, and try the wheel in a clean environment of every Python there is
	$(BIN)/python -m tests.wheel

tools: .venv/ready         ## ibis, polars and harlequin, each in its newest version, read the current release
	@$(PYTHON) -m venv .venv-tools
	@.venv-tools/bin/python -m pip install --quiet "ibis-framework[duckdb]" polars harlequin
	.venv-tools/bin/python scripts/other_tools.py data/current

soak: mutants              ## kill, query, answer nastily and break the program for many minutes
	TRENDS_NASTY_SEEDS=200 $(BIN)/python -m pytest -q -m "soak or nasty"

mutants: .venv/ready-dev   ## break the program in some eighty places, one by one, and list what no test notices
	$(BIN)/python -m tests.mutants

check: .venv/ready-dev     ## format, lint, the order of the layers and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

format: .venv/ready-dev    ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmark: .venv/ready-dev ## measure at full size, beside alternatives
	$(BIN)/python -m benchmarks

screenshots: .venv/ready-dev ## draw the README's pictures of the published pages into docs/ (needs Chromium)
	$(BIN)/python -m dashboards.screenshots

constraints: ## pin the newest versions that pyproject.toml allows (writes constraints.txt)
	$(PYTHON) -m venv --clear .venv-pins
	.venv-pins/bin/python -m pip install --quiet -e '.[dev]'
	.venv-pins/bin/python -m pip freeze --exclude-editable | sort -f > constraints.txt
	rm -r .venv-pins

clean:       ## delete the virtual environment
	rm -rf .venv

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %s. Try make PYTHON=python3.12" % sys.version.split()[0])'
	@echo "Setting up .venv (once; a minute or two)"
	@$(PYTHON) -m venv .venv
	@$(INSTALL) -e .
	@touch $@

.venv/ready-dev: .venv/ready
	@$(INSTALL) -e '.[dev]'
	@touch $@
