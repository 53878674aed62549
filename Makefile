# The two commands that matter: `make acceptance` and `make check`. `make help` lists all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
LOCK := $(VENV)/uv/bin/uv pip compile --quiet --no-config --default-index https://pypi.org/simple --no-emit-index-url \
	--universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-package cafe-acceptance \
	--custom-compile-command "make lock"
ARGS ?=
# Twice as many workers as processors: most of the time each of them waits for the cloud.
JOBS ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')
N ?= 100
KILLS_SEED ?= $(shell date +%s)

.PHONY: help acceptance check lint types test browser gate faults kills mutants bench soak audit lock clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

acceptance: $(VENV)/run.stamp ## run all features on an embedded account and render the report (ARGS="--tags=@smoke")
	$(BIN)/behave -j $(JOBS) $(ARGS)

check: lint types test ## everything that CI checks: linters, types, the suite's own tests, all features
	$(BIN)/behave -j $(JOBS) $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/cfn-lint systems/*/template.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

types: $(VENV)/dev.stamp
	$(BIN)/mypy

# Both halves run, whatever the first one comes to. A test that measures time has the machine to itself.
test: browser ## the suite's own tests, side by side
	@failed=0; \
	$(BIN)/pytest -q -n $(JOBS) --dist loadgroup --durations=15 -m "not quiet" || failed=1; \
	$(BIN)/pytest -q --durations=15 -m quiet || failed=1; \
	exit $$failed

browser: $(VENV)/dev.stamp ## see that there is a Chromium to open the report in, or fetch one
	$(BIN)/python tests/kit/browser/chromium.py

gate: $(VENV)/run.stamp ## say whether the last run keeps the quality gate (ARGS="--allow-known")
	$(BIN)/python -m acceptance.report.gate $(ARGS)

faults: $(VENV)/dev.stamp ## break the systems in every known way and see the features turn red (about 25 minutes)
	$(BIN)/pytest -q -m every_fault tests/broken_cafe tests/strange_input tests/durable_orders tests/retail tests/fulfilment

kills: $(VENV)/dev.stamp ## kill a random process of each of 16 runs, and see all of them end well (about 20 minutes; KILLS_SEED=1)
	KILLS_SEED=$(KILLS_SEED) $(BIN)/pytest -q -m kills tests/trouble/test_random_kills.py $(ARGS)

mutants: $(VENV)/dev.stamp ## break the café in 700 ways, one at a time (1 hour and more; ARGS="--only Claim")
	$(BIN)/python -m mutants $(ARGS)

bench: $(VENV)/dev.stamp ## measure the suite against bare scripts, side by side
	$(BIN)/python -m bench

soak: $(VENV)/dev.stamp ## look for false alarms: all features N times, shuffled, on a busy machine (N=100)
	$(BIN)/python -m bench.soak $(N) --jobs $(JOBS)

# pip-audit passes what the service knows nothing about, be it everything. So the service is first to show that it
# knows of a vulnerability that everybody knows of.
audit: $(VENV)/dev.stamp ## look for known vulnerabilities in the packages of both requirement files (asks PyPI)
	@$(BIN)/python -c 'import requests, sys; \
	known = requests.get("https://pypi.org/pypi/requests/2.19.0/json", timeout=30).json()["vulnerabilities"]; \
	sys.exit(not known)' 2>/dev/null || { echo "NOT AUDITED: PyPI does not tell of vulnerabilities here. This is no pass."; exit 3; }
	$(BIN)/pip freeze --exclude-editable > $(VENV)/installed.txt
	$(BIN)/pip-audit --strict --no-deps --disable-pip --progress-spinner off -r $(VENV)/installed.txt

clean: ## remove what the commands made
	rm -rf $(VENV) reports/allure-results reports/allure-report reports/node_modules reports/mutants reports/soak reports/history.jsonl

$(VENV)/run.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# One lock holds for every system and Python, and keeps the versions that it has.
lock: ## write the locks anew after a change of requirements*.txt (asks PyPI; ARGS=--upgrade takes the newest of the rest)
	$(PYTHON) -m venv $(VENV)/uv
	$(VENV)/uv/bin/pip install --quiet --disable-pip-version-check uv==0.13.8
	$(LOCK) requirements-dev.txt --output-file requirements-dev.lock $(ARGS)
	$(LOCK) requirements.txt --constraint requirements-dev.lock --output-file requirements.lock
