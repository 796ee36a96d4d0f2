# Everything runs from here, the same on a laptop and in CI. `make help` lists the targets.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=
SHELL := /bin/bash
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types imports unit format lock clean browser bench-places bench-polling bench-search bench-stories bench-scan bench-judge bench-ui bench-train bench-cluster bundle quality train gazetteer

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) ## create .venv from the hashed lock

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "diembao needs $(PYTHON); set PYTHON=... to another 3.11+ interpreter"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## scan the sample press and open the day's list (ARGS=--no-serve ends after the list)
	$(BIN)/diembao demo $(ARGS)

$(VENV)/feedparser-source: $(STAMP) # feeds that feedparser's own source distribution ships, for the tests
	-$(BIN)/python -m pip download --quiet --no-deps --no-binary :all: -d $@ \
	  "$$(grep -oE '^feedparser==[0-9.]+' requirements.lock)"

test: setup browser $(VENV)/feedparser-source ## every check and every test
	$(MAKE) --no-print-directory lint types imports unit

check: lint types imports ## ruff, mypy and the import rule

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

unit: setup
	$(BIN)/pytest -p no:schemathesis -n "$$($(BIN)/python -c 'import os; print(os.cpu_count() + 1)')" --dist worksteal $(ARGS)

browser: # Debian's Chromium for the browser tests, where it can be installed
	@command -v chromium >/dev/null 2>&1 || { \
	  if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	    apt-get -qq update >/dev/null 2>&1; DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null 2>&1 \
	      || echo "Chromium could not be installed: browser tests will be skipped"; \
	  else echo "Chromium is not here: browser tests will be skipped (apt-get install chromium)"; fi; }

bench-places: setup ## places: quality against its baselines, and speed
	$(BIN)/python -m tests.bench.bench_places

bench-polling: setup ## seven months of real arrivals, polled by our policy and by a fixed interval (ARGS="--seed 2")
	$(BIN)/python -m tests.bench.bench_polling $(ARGS)

bench-search: setup ## search in a large archive, on both databases (ARGS="--articles 1000000")
	$(BIN)/python -m tests.bench.bench_search $(ARGS)
	$(BIN)/python -m tests.bench.bench_search --postgresql $(ARGS)

bench-stories: setup ## how fast an article is placed against a window of 100,000, and that memory stays bounded
	$(BIN)/python -m tests.bench.bench_stories $(ARGS)

bench-scan: setup ## our whole scan beside bare Scrapy and Scrapy + trafilatura, on the same pages (ARGS="--pages 500")
	$(BIN)/python -m tests.bench.bench_scan $(ARGS)

bench-train: setup ## the house's training: 20,000 labelled and 100,000 unlabelled articles (needs ../shared)
	$(BIN)/python -m tests.bench.bench_train $(ARGS)

bench-judge: setup ## verdicts a second, beside tf-idf and underthesea on the same texts
	$(BIN)/python -m tests.bench.bench_judge

bench-ui: setup ## list and article pages under load, with a large archive, on both databases
	$(BIN)/python -m tests.bench.bench_ui $(ARGS)
	$(BIN)/python -m tests.bench.bench_ui --postgres $(ARGS)

quality: setup ## refit the recipe per fold and check the pinned floors (needs ../shared)
	$(BIN)/python -m tests.quality $(ARGS)

train: setup ## the released model anew from ../shared/corpus
	$(BIN)/diembao train --corpus ../shared/corpus -o classifier/released $(ARGS)

gazetteer: setup ## build the gazetteer's tables anew
	$(BIN)/python -m classifier.places.build

bench-cluster: setup ## one worker and two, one killed on the way, on PostgreSQL (ARGS="--articles 200000 --outlets 300")
	$(BIN)/python -m tests.bench.bench_cluster $(ARGS)

bundle: setup ## every wheel of an installation in one folder, for a machine without a network
	$(BIN)/diembao service bundle --to var/bundle

format: setup ## let ruff rewrite the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## refresh requirements.lock (needs uv; writes no index address)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock

clean: ## remove the environment and what the demo wrote
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
