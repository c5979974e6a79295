# make              set up and run everything at laptop scale: results/laptop
# make fig12        one figure of the laptop scale; or tab04, scorecard, ensemble
# make test         set up and pass the tests
# make magneticum   the same as make, with a real list: DATA=path/to/list
# make full         the paper's own scale
# make bench        how fast it is, beside plain ways: results/laptop/benchmarks.csv (after `make`; a quarter of an hour)
# make docs         the documentation, with tutorials that run: docs/_build/html/index.html
# make setup        the set-up alone; make check: linters and types; make pages: the pages made from the code
# make lock         new versions of the dependencies; make clean: remove all results and the built pages
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := laptop
VENV := .venv
BIN := $(VENV)/bin
CORES ?= all
DATA ?=
# as it was given: a dollar sign is one of the name
override DATA := $(value DATA)
export DATA
export MPLBACKEND := Agg
export PATH := $(CURDIR)/$(BIN):$(PATH)

# fig01, tab01, ...
TARGETS := $(patsubst paper_figures/%.py,%,$(wildcard paper_figures/fig??.py paper_figures/tab??.py)) scorecard ensemble

.PHONY: laptop $(TARGETS) magneticum full bench setup test check docs pages lock clean

laptop: setup
	$(BIN)/snakemake --cores $(CORES) --configfile config/laptop.yaml

$(TARGETS): setup
	$(BIN)/snakemake --cores $(CORES) --configfile config/laptop.yaml -- $@

magneticum: setup
	@test -n "$$DATA" || { echo "error: say where the list is: make magneticum DATA=path/to/list"; exit 1; }
	@test -s "$$DATA" || { echo "error: DATA=$$DATA: no such file, or it is empty"; exit 1; }
	$(BIN)/snakemake --cores $(CORES) --configfile config/laptop.yaml config/magneticum.yaml \
	  --config halos="{path: '$$(printf %s "$$DATA" | sed "s/'/''/g")'}"

full: setup
	$(BIN)/snakemake --cores $(CORES)

bench: setup
	$(BIN)/python benchmarks/all.py

setup: $(VENV)/.complete

# python3.13 ... python3.11, or a python3 that is one of them
$(VENV)/.complete: requirements.lock pyproject.toml
	@python=$$(for p in python3 python3.13 python3.12 python3.11; do \
	  "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo "$$p" && break; done) \
	  || { echo "error: needs Python 3.11, 3.12 or 3.13 on the PATH"; exit 1; }; \
	echo "Setting up $(VENV) with $$("$$python" --version); this takes a minute or two."; \
	"$$python" -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

test: setup check docs
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell
	$(BIN)/snakefmt --check Snakefile rules workflow/Snakefile
	$(BIN)/snakemake --lint

# -E: all pages anew, so that no tutorial keeps the output of earlier code
docs: $(VENV)/.docs
	$(BIN)/sphinx-build -E -W --keep-going -b html docs docs/_build/html

$(VENV)/.docs: docs/requirements.lock $(VENV)/.complete
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r docs/requirements.lock
	@touch $@

pages: setup
	$(BIN)/python workflow/scripts/document.py

# after a change of the dependencies in pyproject.toml; writes hashes, and no address
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --fork-strategy fewest --python-version 3.11 \
  --generate-hashes --no-header --no-annotate --upgrade

lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) --extra jax --extra workflow --extra dev -o requirements.lock
	$(COMPILE) --extra docs --constraint requirements.lock -o docs/requirements.lock

clean:
	rm -rf results .snakemake docs/_build docs/reference/generated
