# make run    label the articles in examples/
# make test   run the whole test suite
# make check  ruff and mypy
# make train  fit the shipped model anew (STANCE_DATA=folder adds the public news rows)
# Each target prepares what it needs in .venv; set VENV for another place, PYTHON for another interpreter.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
MODEL ?= models/news
STANCE_DATA ?=

.PHONY: run test check train clean

run: $(VENV)/.installed
	$(BIN)/stance read examples/*.txt

test: $(VENV)/.test
	$(BIN)/python -m pytest

check: $(VENV)/.check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

STATEMENTS := $(sort $(wildcard training/statements/*.jsonl) $(wildcard training/traps/*.jsonl))
TRAIN := $(BIN)/stance-train -o $(MODEL) --name news --overwrite --seed 0 --jobs 2

train: $(VENV)/.installed
ifeq ($(STANCE_DATA),)
	$(TRAIN) $(STATEMENTS) --config training/own.toml --sources training/sources-own.md
else
	$(TRAIN) training/annotations/news.jsonl \
	  --texts $(STANCE_DATA)/annotation/statements.jsonl $(STANCE_DATA)/corpora/news.txt.gz \
	  --extra training/annotations/news-*.jsonl $(STATEMENTS) \
	  --unlabelled $(STANCE_DATA)/corpora/news.txt.gz \
	  --config training/news.toml --sources training/sources-news.md
endif

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The package is installed with its model: a change of either that matters to an
# installation (metadata, constraints) installs it anew.
$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.test: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e '.[test]'
	@touch $@

$(VENV)/.check: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e '.[check]'
	@touch $@

clean:
	rm -rf $(VENV) build src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
