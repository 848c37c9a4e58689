# Everything a developer or an operator types here. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
STAMP := .venv/.installed
CODE := bot db locales simulator tests bench
COMPILE := pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock' --quiet pyproject.toml --all-extras

# The first of these that runs, is 3.11 or newer and can make environments. `make install PYTHON=…` chooses another.
PYTHONS := $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3.14 python3 python)
SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help install demo demo-reset test prove bench check format lint types shape deps container lock lock-check screenshots

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP)  ## make .venv with Pandu and everything its tests need

$(STAMP): requirements/dev.txt pyproject.toml
	@rm -f $@; \
	python=; for each in $(PYTHONS); do \
		if "$$each" -c '$(SUITABLE)' >/dev/null 2>&1; then python=$$("$$each" -c 'import sys; print(sys.executable)'); break; fi; done; \
	if [ -z "$$python" ]; then \
		echo "Pandu needs Python 3.11 or newer with the venv module (Debian: apt-get install python3-venv); tried: $(PYTHONS)." >&2; exit 1; fi; \
	$(BIN)/python -c '$(SUITABLE)' >/dev/null 2>&1 || "$$python" -m venv --clear .venv; \
	export PIP_DISABLE_PIP_VERSION_CHECK=1; \
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt; \
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .; \
	touch $@; echo "Pandu is installed in .venv ($$($(BIN)/python --version))."

lock:  ## compile requirements/*.txt from pyproject.toml
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	[ -x "$$uv" ] || { echo "make lock needs uv: pip install uv" >&2; exit 1; }; \
	"$$uv" $(COMPILE) -o requirements/run.txt; \
	"$$uv" $(COMPILE) --group dev -o requirements/dev.txt
