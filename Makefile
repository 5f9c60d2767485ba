# Two commands: `make run` starts the portal, `make test` runs everything CI runs.
# Each target sets up what it needs; a second time that takes a moment.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
endif
VENV_PYTHON := .venv/bin/python

.PHONY: help run setup setup-test test lint bench pictures clean requirements

help:
	@echo "make run     set up and start; Ctrl-C stops everything   (PORT=8001 for another port)"
	@echo "make test    everything CI runs"
	@echo "make lint    only the checks that read the code"
	@echo "make bench   measurements side by side                    (ARGS=--quick for two minutes)"
	@echo "make setup   set up without starting"
	@echo "make clean   remove all that was made here, data included"

run:
	@$(PYTHON) deploy/setup.py --start
	@exec $(VENV_PYTHON) -m portal.supervisor

setup:
	@$(PYTHON) deploy/setup.py

setup-test:
	@$(PYTHON) deploy/setup.py --test --start

test: setup-test
	@exec $(VENV_PYTHON) deploy/checks.py $(ARGS)

lint: setup-test
	@exec $(VENV_PYTHON) deploy/checks.py --only=lint

bench: setup-test
	@exec $(VENV_PYTHON) -m bench $(ARGS)

pictures: setup-test
	@exec $(VENV_PYTHON) deploy/pictures.py $(ARGS)

clean:
	rm -rf .venv var static/dist static/dist.* static/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

requirements: setup-test
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@for name in run test node; do UV_CUSTOM_COMPILE_COMMAND="make requirements" .venv/bin/python -m uv pip compile --quiet \
		--generate-hashes --universal --python-version 3.11 deploy/requirements/$$name.in -o deploy/requirements/$$name.txt || exit 1; done
