# LedgerDesk 账服台: `make run` runs the desk with demo data, `make test` runs all tests.
PYTHON ?= python3.11
PY := $(shell command -v $(PYTHON) 2>/dev/null || command -v python3)
VENV := .venv/bin/python
export HOST ?= 127.0.0.1
export PORT ?= 8000

.PHONY: help run reset test lint format screenshots messages bench

help:
	@echo "make run          set everything up and run the desk with demo data (HOST=, PORT=, DATA_DIR=)"
	@echo "make reset        forget the local data below var/"
	@echo "make test         run all tests (ARGS= goes to pytest)"
	@echo "make lint         run all checks"
	@echo "make format       put the code in its usual form"
	@echo "make screenshots  take every screen in both languages, wide and narrow, light and dark (var/screenshots)"
	@echo "make bench        measure pages, figures, calendars and promises (minutes each)"
	@echo "make messages     bring the message catalogue in line with the source"

run:
	@$(PY) devtools/bootstrap.py run
	@exec $(VENV) -m devtools.run

reset:
	@$(PY) devtools/bootstrap.py run
	@$(VENV) -m devtools.run reset

test:
	@$(PY) devtools/bootstrap.py dev
	@$(VENV) -m devtools.browser
	@$(VENV) -m devtools.messages compile
	@$(VENV) -m pytest -n 2 --dist loadgroup $(ARGS)

lint:
	@$(PY) devtools/bootstrap.py dev
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	TESTING=1 $(VENV) -m mypy .
	.venv/bin/lint-imports
	$(VENV) -m djlint templates --lint --quiet
	TESTING=1 $(VENV) manage.py makemigrations --check --dry-run

format:
	@$(PY) devtools/bootstrap.py dev
	$(VENV) -m ruff check --fix .
	$(VENV) -m ruff format .

screenshots:
	@$(PY) devtools/bootstrap.py dev
	@$(VENV) -m devtools.browser
	@$(VENV) -m devtools.screenshots

messages:
	@$(PY) devtools/bootstrap.py dev
	@$(VENV) -m devtools.messages update

bench:
	@$(PY) devtools/bootstrap.py dev
	@for what in calendar sla board chaos; do $(VENV) -m bench.$$what || exit 1; done
	@$(VENV) -m pytest -n 0 -s -q bench/figures.py
