# `make demo` opens the shop, `make test` proves it. CONTRIBUTING.md explains the rest.

PORT ?= 8000
CATALOG ?=

BIN := .venv/bin
# What has been installed is remembered, so that a second call is instant.
RUNTIME := .venv/.runtime-installed
DEVELOPMENT := .venv/.development-installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe \
	--annotation-style=line --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: demo setup test lint bench messages screenshots requirements

demo: $(RUNTIME)
	@exec $(BIN)/python manage.py demo --port $(PORT) $(if $(CATALOG),--catalog '$(CATALOG)')

setup: $(RUNTIME)

test: $(DEVELOPMENT)
	$(BIN)/python -m pytest -n 2 $(PYTEST)

lint: $(DEVELOPMENT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy --strict --follow-imports=silent $$($(BIN)/python -c 'import tomllib; \
		[strict] = tomllib.load(open("pyproject.toml", "rb"))["tool"]["mypy"]["overrides"]; \
		print(*("-p " + name[:-2] if name.endswith(".*") else "-m " + name for name in strict["module"]))')
	$(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=0 ALLOWED_HOSTS=shop.example.com SECRET_KEY=$$($(BIN)/python -c 'import secrets; \
		print(secrets.token_urlsafe(64))') $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(RUNTIME)
	$(BIN)/python manage.py benchmark

# What shoppers read is collected from templates and code, and compiled; needs GNU gettext. New sentences have no German
# yet: write it into locale/de/LC_MESSAGES/django.po and run this again.
messages: $(RUNTIME)
	$(BIN)/python manage.py makemessages --locale de --no-wrap --no-obsolete --add-location file --ignore staticfiles \
		--ignore var --ignore tests --ignore 'templates/admin/*' --ignore 'templates/api/*'
	$(BIN)/python manage.py compilemessages --locale de

# Every page as the browser tests see it, small enough for docs/screenshots. It opens a shop and takes some minutes.
screenshots: $(DEVELOPMENT)
	rm -rf var/screenshots
	$(BIN)/python -m pytest -p no:randomly tests/browser/test_pages.py
	$(BIN)/python -m tests.browser.small_pictures

# pip-compile writes for the machine it runs on, and leaves out the TensorFlow of the others: added by hand.
requirements: $(BIN)/python
	$(PIP) pip-tools
	$(COMPILE) --output-file requirements.txt requirements.in
	sed -i.old -E '/^tensorflow-cpu==/{p;s/^tensorflow-cpu==([^ ]+).*/tensorflow==\1 ; platform_machine != "x86_64" or sys_platform != "linux"/;}' requirements.txt
	rm requirements.txt.old
	$(COMPILE) --constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in
	$(COMPILE) --constraint requirements.txt --output-file requirements-training.txt requirements-training.in
	$(COMPILE) --constraint requirements.txt --output-file requirements-collecting.txt requirements-collecting.in

$(BIN)/python:
	@for python in python3.11 python3.12 python3.13 python3; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec $$python -m venv .venv; \
		fi; \
	done; \
	echo "Python 3.11 or newer is needed and was not found. Install it and try again." >&2; exit 1

$(RUNTIME): $(BIN)/python requirements.txt
	@echo "Installing the packages of the shop"
	@$(PIP) -r requirements.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.txt requirements-training.txt requirements-collecting.txt
	@echo "Installing the packages of the tests and checks"
	@$(PIP) -r requirements-dev.txt -r requirements-training.txt -r requirements-collecting.txt
	@touch $@
