# `make demo` and `make test` are all that is needed; nothing has to be activated or installed by hand before.
# PYTHON=... names the Python to set up with (3.11 to 3.13); by default it is looked for.

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow check clean .venv .venv-dev

BIN := .venv/bin
export PYTHON
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

help:
	@echo "make demo       set up, and run the demonstration review from its exports to the reports"
	@echo "make test       set up, and run the checks and the tests"
	@echo "make test-slow  set up, and run the long tests: whole reviews"
	@echo "make check      set up, and run the checks alone (style, types, layers, rules)"
	@echo "make .venv      set up only"
	@echo "make clean      remove what checks, tests and Snakemake keep for themselves; no sheet, no report, no .venv"

demo: .venv
	$(BIN)/snakemake --cores 4
	@echo
	@echo "The reports of the demonstration are in reports/: begin with reports/review.html."
	@echo "The demonstration is synthetic: no study, author or journal in it exists."

test: check
	$(BIN)/pytest -m "not slow" -n 2

test-slow: .venv-dev
	$(BIN)/pytest -m slow -n 2 --dist loadfile --no-loadscope-reorder --durations=30

check: .venv-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/validate-pyproject pyproject.toml

# both cost a few hundredths of a second when nothing is to be done, see .ci/set_up
.venv:
	@sh .ci/set_up base

.venv-dev:
	@sh .ci/set_up dev

clean:
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks examples -name __pycache__ -type d -prune -exec rm -rf {} +
