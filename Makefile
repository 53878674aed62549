# The commands that matter: `make acceptance`, and `make quick` and `make check` after a change. `make help` lists all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
LOCK := $(VENV)/uv/bin/uv pip compile --quiet --no-config --default-index https://pypi.org/simple --no-emit-index-url \
	--universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-package cafe-acceptance \
	--custom-compile-command "make lock"
ARGS ?=
# calm, aws, rain or storm, see docs/weather.md; empty for none
WEATHER ?=
# Hundreds of processes are started. Where Python may keep no bytecode, each of them compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE
CORES := $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
# More workers than processors: most of the time a scenario waits for the cloud. The suite's own tests compute more.
JOBS ?= $(shell expr 3 '*' $(CORES))
TEST_JOBS ?= $(shell expr 2 '*' $(CORES))
CHECKS := format,lint,types,imports,templates,docs
TRUST_SECONDS ?= 15
TRUST_SEED ?=

.PHONY: help acceptance check quick features format lint types imports templates docs test quick-test trust trust-sample mutants soak load browser gate specification steps site watch \
	bench audit release lock clean

help: ## list the commands
	@grep -hE '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/; s/%/<folder>/' | expand -t 14

acceptance: $(VENV)/run.stamp ## run all features on an embedded account and render the report (ARGS="--tags=@smoke" WEATHER=rain)
	$(BIN)/behave -j $(JOBS) $(addprefix -D weather=,$(WEATHER)) $(ARGS)

check: browser ## run everything that CI checks, and time each part: code, own tests, all features, the quality gate
	@.ci/parts $(CHECKS) test trust-sample features gate

quick: $(VENV)/dev.stamp ## check the code, and run the tests that need no emulator, browser, Node or behave (at most a minute)
	@.ci/parts format,lint,types,imports quick-test

features: $(VENV)/run.stamp
	$(BIN)/behave -j $(JOBS) $(ARGS)

format: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

imports: $(VENV)/dev.stamp
	$(BIN)/lint-imports

templates: $(VENV)/dev.stamp
	$(BIN)/cfn-lint systems/*/template.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

docs: $(VENV)/dev.stamp
	@$(BIN)/python -m acceptance.settings --markdown | diff -u docs/settings.md - || { \
	echo "docs/settings.md is out of date: .venv/bin/python -m acceptance.settings --markdown > docs/settings.md"; exit 1; }
	@for schema in profiles/*/schema.json; do \
	system=$$(basename $$(dirname $$schema)); $(BIN)/python -m acceptance.profile $$system | diff -u $$schema - || { \
	echo "$$schema is out of date: .venv/bin/python -m acceptance.profile $$system > $$schema"; exit 1; }; done
	@$(BIN)/python -m website

# Tests that share something dear run in one process, the others wherever there is room.
PYTEST = $(BIN)/pytest -q -n $(TEST_JOBS) --dist loadgroup --no-loadscope-reorder

test: $(VENV)/dev.stamp ## run the suite's own tests, except those of `make bench` and `make trust`
	$(PYTEST) --durations=15 -m 'not quiet and not trust' $(ARGS)

# Drawn anew each time; it says the seed, which repeats it.
trust-sample: $(VENV)/dev.stamp ## run a sample of `make trust` (TRUST_SECONDS=15 TRUST_SEED=7)
	$(BIN)/python -m trust --sample $(TRUST_SECONDS) $(addprefix --seed ,$(TRUST_SEED)) $(ARGS)

quick-test: $(VENV)/dev.stamp
	$(PYTEST) -n $(CORES) --quick -m 'not quiet and not trust' --durations=5 $(ARGS)

test-%: $(VENV)/dev.stamp ## run the tests of one folder: test-kit, test-serverlesspresso, test-durable_orders, test-retail …
	$(PYTEST) --durations=15 -m 'not quiet' tests/$* $(ARGS)

trust: $(VENV)/dev.stamp ## run every campaign that breaks the systems on purpose, with one report (ARGS="--help")
	$(BIN)/python -m trust $(ARGS)

mutants: $(VENV)/dev.stamp ## run only the mutants of `make trust` (ARGS="--mutants 30" for 30 of each system)
	$(BIN)/python -m trust --only '^trust/mutants::' $(ARGS)

RUNS ?= 100
soak: $(VENV)/dev.stamp ## look for false alarms: run all features until the history holds this many runs (RUNS=100)
	$(BIN)/python -m trust.soak $(RUNS) $(ARGS)

load: $(VENV)/load.stamp ## run a load of many customers for a minute, and write a report (ARGS="-u 5 --run-time 10m --processes 4"; docs/load.md)
	$(BIN)/python -m load $(ARGS)

browser: $(VENV)/dev.stamp ## install Chromium for the report's tests, if it is missing
	$(BIN)/python tests/kit/browser/chromium.py

specification: $(VENV)/run.stamp ## write the specification without a run: reports/specification.html
	@$(BIN)/python -m acceptance specification $(ARGS)

site: $(VENV)/dev.stamp ## build the site from docs/, the features and the steps, and check its links: reports/site
	@$(BIN)/python -m website

watch: $(VENV)/otel.stamp ## run @smoke every 5 minutes as a guest, and export to a collector (ARGS="--every 10 -D target=aws")
	@$(BIN)/python -m acceptance watch $(ARGS)

steps: $(VENV)/run.stamp ## list the sentences that features may use, with examples and uses (ARGS="--search cancel")
	@$(BIN)/python -m acceptance steps $(ARGS)

gate: $(VENV)/run.stamp ## check the last run against the quality gate (ARGS="--allow-deviations")
	$(BIN)/python -m acceptance.report.gate $(ARGS)

bench: $(VENV)/dev.stamp ## compare the suite's speed with bare scripts, and measure its accuracy
	$(BIN)/python -m bench
	$(BIN)/pytest -q -m quiet $(ARGS)

# pip-audit passes what the service knows nothing about, be it everything. So the service is first to show that it
# knows of a vulnerability that everybody knows of.
release: $(VENV)/dev.stamp ## check whether the version in pyproject.toml can be released, and print how (ARGS=--dry-run: without the gate)
	@$(BIN)/python -m release $(ARGS)

audit: $(VENV)/dev.stamp ## check the packages of both requirement files for known vulnerabilities (asks PyPI)
	@$(BIN)/python -c 'import requests, sys; \
	known = requests.get("https://pypi.org/pypi/requests/2.19.0/json", timeout=30).json()["vulnerabilities"]; \
	sys.exit(not known)' 2>/dev/null || { echo "NOT AUDITED: PyPI does not tell of vulnerabilities here. This is no pass."; exit 3; }
	$(BIN)/pip freeze --exclude-editable > $(VENV)/installed.txt
	$(BIN)/pip-audit --strict --no-deps --disable-pip --progress-spinner off -r $(VENV)/installed.txt

clean: ## remove all generated files
	rm -rf $(VENV) reports/allure-results reports/allure-report reports/adoption reports/node_modules reports/load reports/trust reports/trust-sample reports/watch \
		reports/history.jsonl reports/summary.md reports/summary.json reports/specification.html reports/site

$(VENV)/run.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/otel.stamp: requirements-otel.lock $(VENV)/run.stamp
	$(PIP) --require-hashes -r requirements-otel.lock
	@touch $@

$(VENV)/load.stamp: requirements-load.lock $(VENV)/run.stamp
	$(PIP) --require-hashes -r requirements-load.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# One lock holds for every system and Python, and keeps the versions that it has.
lock: ## update the locks after a change of requirements*.txt (asks PyPI; ARGS=--upgrade upgrades indirect dependencies)
	$(PYTHON) -m venv $(VENV)/uv
	$(VENV)/uv/bin/pip install --quiet --disable-pip-version-check uv==0.13.8
	$(LOCK) requirements-dev.txt --output-file requirements-dev.lock $(ARGS)
	$(LOCK) requirements-load.txt --constraint requirements-dev.lock --output-file requirements-load.lock
	$(LOCK) requirements.txt --constraint requirements-dev.lock --output-file requirements.lock
	$(LOCK) requirements-otel.txt --constraint requirements-dev.lock --output-file requirements-otel.lock
