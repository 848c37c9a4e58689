# Everything a developer or an operator types here. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
STAMP := .venv/.installed
CODE := $(wildcard bot db locales simulator tests bench)

# The first of these that runs, is new enough and can make environments. `make install PYTHON=…` names another.
PYTHON ?= python3.13 python3.12 python3.11 python3.14 python3 python
SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help install demo demo-reset test prove bench check lint format types shape deps container lock lock-check screenshots

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP)  ## make .venv with Pandu and everything its tests need
	@:

$(STAMP): requirements/dev.txt pyproject.toml
	@rm -f $@; \
	python=; for each in $(PYTHON); do \
		if "$$each" -c '$(SUITABLE)' >/dev/null 2>&1; then python=$$("$$each" -c 'import sys; print(sys.executable)'); break; fi; \
	done; \
	[ -n "$$python" ] || { echo "Pandu needs Python 3.11 or newer with its venv module (Debian: apt-get install python3-venv); tried: $(PYTHON)." >&2; exit 1; }; \
	$(BIN)/python -c '$(SUITABLE)' >/dev/null 2>&1 || { echo "Making .venv with $$python"; "$$python" -m venv --clear .venv; }; \
	echo "Installing the libraries of requirements/dev.txt"; \
	export PIP_DISABLE_PIP_VERSION_CHECK=1 UV_PYTHON_DOWNLOADS=never; \
	{ command -v uv >/dev/null && uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt; } || \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt || \
		{ echo "The libraries could not be installed: look above for the one that failed, then run make install again." >&2; exit 1; }; \
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .; \
	touch $@; echo "Pandu is installed in .venv ($$($(BIN)/python --version))"

demo: install  ## try Pandu in the browser: no token, no server; Ctrl-C ends it, the data stays
	@$(BIN)/pandu demo

demo-reset: install  ## the same, with the sample data made anew
	@$(BIN)/pandu demo --reset

test: install  ## the whole suite
	@$(BIN)/python -m pytest tests -n 4 --dist loadfile --no-loadscope-reorder

prove: install  ## the long proofs
	@$(BIN)/python -m pytest tests -m prove --timeout 3600

bench: install  ## the figures of the README
	@$(BIN)/python -m bench

check: lint types shape deps container lock-check  ## every check that runs nothing of Pandu

lint: install  ## style of the code
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)

format: install  ## write the code in that style
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

types: install  ## the type checker, strictly
	@$(BIN)/mypy $(CODE)

shape: install  ## who may import whom
	@$(BIN)/lint-imports --no-cache --no-logo

deps: install  ## what is imported is declared, what is declared is imported
	@$(BIN)/deptry .

container: install  ## the Dockerfile and the compose file, without building an image
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

# The compiler keeps the versions of the file it is about to write, so only what pyproject.toml asks for changes.
UV ?= $(BIN)/uv
ROOT ?= .
COMPILE := $(UV) pip compile --directory $(ROOT) --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock' --quiet $(if $(UPGRADE),--upgrade)

lock: $(UV)  ## compile requirements/*.txt from pyproject.toml (UPGRADE=1: newest versions)
	@$(COMPILE) --all-extras --group dev pyproject.toml -o requirements/dev.txt
	@$(COMPILE) --all-extras --constraint requirements/dev.txt pyproject.toml -o requirements/run.txt
	@$(COMPILE) --group build --constraint requirements/dev.txt -o requirements/build.txt

lock-check: install  ## requirements/*.txt say what pyproject.toml wants
	@copy=$$(mktemp -d); trap 'rm -rf "$$copy"' EXIT; cp -r pyproject.toml requirements "$$copy"; \
	$(MAKE) lock UV="$(abspath $(UV))" ROOT="$$copy"; \
	diff -r requirements "$$copy/requirements" || \
		{ echo "requirements/ is not what pyproject.toml asks for: run make lock and commit the result." >&2; exit 1; }

$(BIN)/uv:
	@$(MAKE) install

screenshots: install  ## the pictures in docs/
	@$(BIN)/python -m tests.browser.pictures
