# The two commands of a newcomer are `make demo` and `make test`; everything else is for maintainers.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check calibrate placement measures endpoints train lock editor clean

demo: .venv/installed
	$(BIN)/kg demo

test: check
	$(BIN)/python -m pytest

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Evidence Graph needs Python 3.11 or newer; call: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv

# Everything comes from the lock file, the build tool too, so that an install today and one in a year are the same.
.venv/installed: .venv/bin/python requirements.lock pyproject.toml
	@echo "Installing into .venv (about a minute the first time) ..."
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# Makes the models of extractors/models anew (hours on two cores); SHARED is the folder of corpora.
SHARED ?= ../shared
train: .venv/installed-dev
	$(PIP) install -e '.[training]'
	OMP_NUM_THREADS=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000 \
		$(BIN)/python -m extractors.training $(SHARED)

# Makes the table of how sure findings are anew, from gold facts; ALSO names further folders of them.
calibrate: .venv/installed
	$(BIN)/python -m kg.evaluation.calibration extractors/confidence.json $(SHARED)/gold $(ALSO)

# Learns anew which arms numbers belong to, from gold facts and corpora; ALSO names further folders of gold facts.
placement: .venv/installed
	$(BIN)/python -m kg.evaluation.placement_training extractors/models/placement.json $(SHARED) $(ALSO)

# Learns anew what numbers measure, from gold facts; ALSO names further folders of them.
measures: .venv/installed
	$(BIN)/python -m kg.evaluation.measure_training extractors/models/measures.json $(SHARED) $(ALSO)

# Learns anew which outcomes values are of and which endpoints a trial has, in the same way.
endpoints: .venv/installed
	$(BIN)/python -m kg.evaluation.endpoint_training extractors/models $(SHARED) $(ALSO)

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra build --extra cluster -c requirements-dev.lock pyproject.toml -o requirements-cluster.lock

# The query page's editor, from the npm registry; its built files are part of the repository, so only a newer
# version needs this.
editor:
	cd server/editor && npm ci --ignore-scripts
	for kind in js css; do sed 's,//# sourceMappingURL=.*,,;s,/\*# sourceMappingURL=.*\*/,,' \
		server/editor/node_modules/@zazuko/yasqe/build/yasqe.min.$$kind > server/static/yasqe.$$kind; done
	rm -r server/editor/node_modules

clean:
	rm -rf .venv data artefacts build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
