# Everything starts here: `make run`, `make test`. Needs git, make and Python 3.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export ACTIONS_PORT ?= 5055
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore

UV := .tools/bin/uv
PY := .venv/bin/python
MODEL := models/hamstring.tar.gz
# What the model is made of; it is trained again only if one of these is newer.
MODEL_SOURCES := config.yml domain.yml requirements.txt \
	$(shell find data components safety -name '*.yml' -o -path "components/*" -name '*.py')

.PHONY: help run chat test train validate lint bench bench-safety explain explain-data web clean lock telegram-webhook

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(MODEL) ## start everything and print where to talk (PORT, ACTIONS_PORT)
	@$(MAKE) -s web || echo "Going on without the chat page; REST and the terminal work."
	@$(PY) -m scripts.serve

chat: $(MODEL) ## talk in the terminal
	@$(PY) -m scripts.chat

test: lint validate $(MODEL) web .venv/.dev ## everything that CI runs
	@$(PY) -m rasa test core --model $(MODEL) --stories tests/stories --fail-on-prediction-errors --out results \
		> .venv/stories.log 2>&1 || { tail -40 .venv/stories.log; exit 1; }
	@echo "stories: all as written"
	@$(PY) -m pytest -n 2 --dist loadfile

train: $(MODEL) ## train the model, if its sources changed

validate: .venv/.run ## check domain, training data, rules and stories
	@$(PY) -m rasa data validate --fail-on-warnings > .venv/validate.log 2>&1 || { cat .venv/validate.log; exit 1; }
	@echo "validate: no warnings"

lint: .venv/.dev ## ruff, mypy, and which package may import which
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports --no-logo

explain-data: .venv/.run ## what an answer, follow-up or question became (NAME=ask_knee_pain)
	@$(PY) -m scripts.explain_data $(NAME)

bench: $(MODEL) .venv/.dev ## measure us against Rasa's default pipeline
	@$(PY) -m benchmarks

bench-safety: $(MODEL) .venv/.dev ## recall and false alarms of the red-flag detector
	@$(PY) -m benchmarks.safety

explain: .venv/.run ## what is found in MESSAGE="...", and why
	@$(PY) -m scripts.explain "$(MESSAGE)"

web: .venv/.run ## build the chat widget, if its sources changed
	@node -e 'process.exit(parseInt(process.versions.node) < 20)' 2> /dev/null || $(MAKE) -s .venv/.dev
	@$(PY) -m scripts.build_web

lock: .tools/.uv ## write requirements*.txt anew from pyproject.toml
	@$(UV) pip compile -q pyproject.toml -o requirements.txt --generate-hashes --no-emit-index-url --no-header --no-annotate
	@$(UV) pip compile -q pyproject.toml --group dev -o requirements-dev.txt --generate-hashes --no-emit-index-url --no-header --no-annotate

telegram-webhook: .venv/.run ## tell Telegram where this assistant is
	@$(PY) -m scripts.telegram_webhook

clean: ## remove what was built (keeps the databases)
	rm -rf .venv .tools models .rasa web/dist web/node_modules

$(MODEL): .venv/.run $(MODEL_SOURCES)
	@echo "Training the model; this takes about a minute ..."
	@mkdir -p models
	@$(PY) -m rasa train --fixed-model-name hamstring --out models/new > models/train.log 2>&1 \
		|| { grep -v Epoch models/train.log | tail -30; exit 1; }
	@mv models/new/hamstring.tar.gz $@ && touch $@

# The environment: uv installs the locked, hashed packages.
.tools/.uv:
	@python3 -m venv .tools && .tools/bin/pip install -q --disable-pip-version-check uv && touch $@

.venv/.run: requirements.txt | .tools/.uv
	@echo "Installing packages ..."
	@test -x $(PY) || $(UV) venv -q --python 3.11 .venv
	@$(UV) pip install -q -p $(PY) --require-hashes -r requirements.txt && touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@$(UV) pip install -q -p $(PY) --require-hashes -r requirements-dev.txt && touch $@
