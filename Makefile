# make run    label the articles in examples/
# make test   run the whole test suite
# make check  ruff, mypy and bandit
# make docs   the site of docs/ in build/docs; warnings are errors, nothing is fetched
# make train  fit the shipped model anew (STANCE_DATA=folder adds the public news rows)
# make reader fit the shipped reader of speakers and recipients anew (wants STANCE_DATA=folder)
# Each target prepares what it needs in .venv; set VENV for another place, PYTHON for another interpreter,
# TESTERS for the number of processes that test at once (2 GB each); KINDS names the folders of training/ that the
# attention network alone learns from.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
MODEL ?= models/news
READER ?= models/reader
STANCE_DATA ?=
KINDS ?= articles attributions idioms pairs
TESTERS ?= 2

.PHONY: run test check docs train reader clean

run: $(VENV)/.installed
	$(BIN)/stance read examples/*.txt

test: $(VENV)/.test
	$(BIN)/python -m pytest --numprocesses $(TESTERS) --dist worksteal

check: $(VENV)/.check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit -q -r src -s $(SKIPPED)

docs: $(VENV)/.docs
	rm -rf build/docs build/doctrees
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet -c docs -d build/doctrees . build/docs
	@echo "build/docs/index.html"

# bandit: asserts are for the type checker, no secret is drawn at random, XML is only written
SKIPPED := B101,B311,B405

STATEMENTS := $(sort $(foreach kind,statements traps,$(wildcard training/$(kind)/*.jsonl)))
WRITTEN := $(sort $(foreach kind,$(KINDS),$(wildcard training/$(kind)/*.jsonl)))
NAMES := $(sort $(foreach kind,headlines attributions articles,$(wildcard training/$(kind)/*.jsonl)))
TRAIN := $(BIN)/stance-train -o $(MODEL) --name news --overwrite --seed 0 --jobs 2

train: $(VENV)/.installed
ifeq ($(STANCE_DATA),)
	$(TRAIN) $(STATEMENTS) --config training/own.toml --sources training/sources-own.md
else
	$(TRAIN) training/annotations/news.jsonl \
	  --texts $(STANCE_DATA)/annotation/statements.jsonl $(STANCE_DATA)/corpora/news.txt.gz \
	  --extra training/annotations/news-*.jsonl $(STATEMENTS) \
	  --attention-extra $(WRITTEN) --attention-extra-weight 0.5 \
	  --unlabelled $(STANCE_DATA)/corpora/news.txt.gz \
	  --config training/news.toml --sources training/sources-news.md
endif

reader: $(VENV)/.installed
ifeq ($(STANCE_DATA),)
	$(error the reader is learned from annotated news; pass STANCE_DATA=folder, see docs/training.md)
endif
	$(BIN)/stance-train-reader training/spans/news.jsonl -o $(READER) --overwrite --seed 0 --jobs 2 \
	  --texts $(STANCE_DATA)/annotation/statements.jsonl $(STANCE_DATA)/corpora/news.txt.gz \
	  --extra training/spans/news-more.jsonl $(STATEMENTS) $(NAMES) \
	  --unlabelled $(STANCE_DATA)/corpora/news.txt.gz --sources training/sources-reader.md

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The package is installed with its model: a change of either that matters to an
# installation (metadata, constraints, the compiled kernel) installs it anew.
$(VENV)/.installed: pyproject.toml setup.py constraints.txt $(wildcard src/stance/features/kernel/*) | $(VENV)/bin/python
	$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.test: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e '.[test]'
	@touch $@

$(VENV)/.check: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e '.[check]'
	@touch $@

$(VENV)/.docs: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e '.[docs]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info src/*.egg-info src/stance/features/*.so .pytest_cache .mypy_cache .ruff_cache .hypothesis
