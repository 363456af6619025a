# Two commands matter: `make demo` and `make test`. Both set up everything they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format lock weights evaluate benchmark clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: $(STAMP) ## install everything into .venv

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Vouch needs Python 3.11 or newer; call: make PYTHON=python3.11 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: $(STAMP) ## run the whole pipeline on a generated world and print the partners
	@$(BIN)/vouch demo

test: lint ## lint, check types and run every test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: $(STAMP) ## ruff and the type checker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/ty check --python $(VENV)

format: $(STAMP) ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## make requirements.lock anew from pyproject.toml (needs uv on PATH)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-strip-extras --no-annotate --no-header --group dev --extra app pyproject.toml -o requirements.lock

weights: $(STAMP) ## learn the weights of evidence anew from generated worlds
	$(BIN)/python -m pipelines.weights

evaluate: $(STAMP) ## measure what Vouch is worth and write docs/EVALUATION.md; PART=name for one part
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.benchmarks.evaluation $(if $(PART),--part $(PART))

benchmark: $(STAMP) ## measure what Vouch costs and write docs/BENCHMARKS.md; PART=name, EDGES=10M
	$(BIN)/python -m tests.benchmarks.speed $(if $(PART),--part $(PART)) $(if $(EDGES),--edges $(EDGES))

clean: ## remove the virtual environment and caches; never touches vouch-home
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
