# Convenor's commands. `make demo` needs Python 3.11 or newer and an internet connection once; nothing else.
# Kept to what GNU make 3.81 can do, for that is the one on a Mac.

VENV := .venv
BIN := $(VENV)/bin
JOBS := 2
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
ITSELF := $(INSTALL) --no-deps --no-build-isolation --editable .
NEW_ENOUGH := $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	"$(VENV) was made with an older Python than 3.11: run make clean, then try again")'
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --group build pyproject.toml

# What is imported is compiled once and kept, whatever the shell says: every start of a program is seconds shorter.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test long check browser looks contract bench lock clean

help:
	@echo "make demo      the bot in the local workspace, at http://127.0.0.1:8400  (make demo ARGS=--fresh starts over)"
	@echo "make test      what every change has to pass, on SQLite and PostgreSQL"
	@echo "make long      most of the stories, on both platforms, and what takes its time"
	@echo "make check     style, types and the table of who may import what"
	@echo "make browser   the stories in a real browser; needs Chromium"
	@echo "make looks     every dialog, card, page, e-mail, plot and paper, drawn into var/looks to be looked at"
	@echo "make contract  what Microsoft's own schema and renderer say of our cards; needs node"
	@echo "make bench     speed and memory, as ratios; also in var/bench.json"
	@echo "make lock      choose versions anew and write both lock files"

demo: $(VENV)/installed
	@$(BIN)/convenor demo $(ARGS)

test: $(VENV)/installed-dev
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m "not browser and not bench and not long" $(ARGS)

long: $(VENV)/installed-dev
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m long $(ARGS)

check: $(VENV)/installed-dev
	@$(BIN)/ruff check --quiet --no-cache .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_architecture.py

browser: $(VENV)/installed-dev
	@$(BIN)/python -m pytest -q -m browser $(ARGS)

# Needs Chromium, and poppler-utils for the papers; ten minutes or so. A part of it alone: ARGS=slack-modal, with what
# was gathered before.
looks: $(VENV)/installed-dev
	@mkdir -p var/looks
	@test -n "$(ARGS)" || PYTHONPATH=.:tests $(BIN)/python tests/looks/gather.py var/looks/surfaces.jsonl
	@PYTHONPATH=.:tests $(BIN)/python tests/looks/draw.py $(ARGS)

contract: $(VENV)/installed-dev
	@npm install --silent --no-audit --no-fund --prefix var/contract \
		@microsoft/app-manifest@1.1.2 adaptivecards@3.0.6
	@$(BIN)/python -m pytest -q tests/test_teams_package.py tests/governance/test_teams_too.py $(ARGS)

bench: $(VENV)/installed-dev
	@$(BIN)/python tests/bench/run.py $(ARGS)

lock: $(VENV)/installed-dev
	@$(INSTALL) uv
	@$(LOCK) --upgrade --output-file requirements.lock
	@$(LOCK) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Stamps: installed again only when a lock, or what the package says of itself, has changed.

$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	@$(NEW_ENOUGH)
	@echo "Installing what Convenor needs (a minute or two, the first time only) …"
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@$(ITSELF)
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@$(NEW_ENOUGH)
	@echo "Installing what the tests need as well (a minute or two, the first time only) …"
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@$(ITSELF)
	@touch $(VENV)/installed $@

$(BIN)/python:
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$($$python --version)"; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Convenor needs Python 3.11 or newer, with its venv module." >&2; \
	echo "  macOS: brew install python@3.12      Debian, Ubuntu: sudo apt install python3-venv" >&2; \
	echo "  If it lies somewhere else: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	exit 1
