# One word per intention. `make` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard survey_app/translations/*/LC_MESSAGES/messages.po)
# Two processes, a file at a time, in order of collection: the long journeys come before the many short files at the end.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
export NO_MKDOCS_2_WARNING := 1
export PYTHONPATH :=

.PHONY: help setup run test test-slow check format catalogue routes screenshots site bench lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev-ready $(VENV)/.catalogues ## everything for development, into .venv

run: $(VENV)/.run-ready $(VENV)/.catalogues ## the sample portal on http://127.0.0.1:8000 (PORT=… for another port)
	@$(BIN)/pingyi serve --demo --port $(PORT)

test: setup ## all tests, with a real browser
	@chromium=$$(bash tests/find_chromium.sh) && PINGYI_CHROMIUM="$$chromium" $(BIN)/python -m pytest -m "not slow" $(SIDE_BY_SIDE) --durations 30

test-slow: setup ## crash and scale suites
	@PINGYI_CHROMIUM=$$(bash tests/find_chromium.sh) && export PINGYI_CHROMIUM && \
	$(BIN)/python -m pytest -m "slow and not alone" $(SIDE_BY_SIDE) && $(BIN)/python -m pytest -m "slow and alone"

check: setup ## format, lint, types, contracts, strings, page checks, strict site build
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@out=$$($(BIN)/python -m pytest -q --collect-only) || { echo "$$out"; exit 1; }
	$(BIN)/python -m pytest -q tests/house
	$(BIN)/pingyi pages check site/pages --rendered
	out=$$(mktemp -d) && $(BIN)/mkdocs build --quiet --strict --site-dir "$$out" && rm -r "$$out"

format: setup ## rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix --quiet .

catalogue: setup ## bring the English catalogue up to date with the Chinese source texts
	@mkdir -p var
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k say --no-location --sort-output -o var/messages.pot survey_app
	$(BIN)/pybabel -q update -i var/messages.pot -d survey_app/translations --no-fuzzy-matching --ignore-obsolete --width 120
	sed -i -E '/^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By):/d' survey_app/translations/en/LC_MESSAGES/messages.po

routes: setup ## write docs/routes.md, the table of every route and its doors
	$(BIN)/pingyi routes > docs/routes.md

screenshots: ## copy the pictures that the tests took to docs/screenshots
	cp var/screenshots/{home-390,home-elder-390,procedure-390,notice-print,review-1280,rate-error-390,result-390,unit-1280,start-discipline_officer-1280,whole-running-1280,whole-order-closed-1280}.png docs/screenshots/

site: $(VENV)/.run-ready ## check, build, index and swap in the public site (PINGYI_PAGES=… for other pages)
	@$(BIN)/pingyi site build

bench: setup ## speed and memory as ratios to a bound measured in the same run
	$(BIN)/python tests/bench_collecting.py
	$(BIN)/python tests/bench_cases.py
	$(BIN)/python tests/bench_serving.py
	$(BIN)/python tests/bench_publishing.py
	$(BIN)/python tests/bench_analysis.py
	$(BIN)/python tests/bench_desk.py

lock: ## recompile the pinned requirements from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra build pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra build --extra dev pyproject.toml -o requirements-dev.txt

clean: ## remove .venv and all caches; var/ and keys/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(VENV)/.run-ready: requirements.txt pyproject.toml
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt pyproject.toml
	@$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/.run-ready

$(VENV)/.catalogues: $(CATALOGUES) | $(VENV)/.run-ready
	@$(BIN)/pybabel -q compile -d survey_app/translations
	@touch $@

# uv where it is installed, else venv and pip; both take the same pinned files and check the same hashes.
define install
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要Python 3.11或更新的版本。Python 3.11 or newer is needed." >&2; exit 2; }; \
	echo "正在安装依赖，第一次要几分钟。Installing dependencies; the first time takes minutes." >&2; \
	if command -v uv >/dev/null; then \
	  { test -x $(BIN)/python || uv venv -q --python $(PYTHON) $(VENV); } && \
	  uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r $(1) && \
	  uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  { test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { echo "缺少venv：apt install python3-venv。The venv module is missing: apt install python3-venv" >&2; exit 2; }; } && \
	  $(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(1) && \
	  $(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
endef
