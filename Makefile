# Two commands do everything on a machine that has Python 3.11, make and git: `make up`, `make test`.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: up local-stack test check bench bench-smoke sbom chaos soak rehearsal randomness fuzz audit clean

up: $(READY)
	@$(BIN)/squaredeal up $(ARGS)

# The topology of production as processes: apt install postgresql-15 redis-server.
local-stack: $(READY)
	@$(BIN)/python -m deploy.local_stack $(ARGS)

# Two processes side by side, as many as the smallest machine has cores, what takes long first; ARGS="-n 0" for
# one, which is quicker for a single file.
test: $(READY)
	$(BIN)/python -m serve.webclient build
	$(BIN)/python -m pytest -n 2 --no-loadscope-reorder $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m serve.webclient check

# The servers of others need node and npm, the generators a C compiler. ARGS=--quick is rougher.
bench: $(READY)
	for name in rules deal density recovery ledger fanout table players rail scale traces edge web; do \
		$(BIN)/python -m benchmarks.bench_$$name $(ARGS) || exit 1; \
	done
	$(BIN)/python -m benchmarks.bench_equal $(ARGS)
	$(BIN)/python -m benchmarks.bench_equal --peers $(ARGS)
	$(BIN)/python -m benchmarks.plots

# That they run and lose nothing, in a minute: no figures to keep.
bench-smoke: $(READY)
	for name in rules deal recovery; do \
		$(BIN)/python -m benchmarks.bench_$$name --quick --json - || exit 1; \
	done

# What is in the server, of the lock file, as CycloneDX.
sbom: $(READY)
	mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.lock --output-reproducible -o build/sbom.cdx.json

# 20 tables, 200 kills; ARGS="--kills 1000" for more.
chaos: $(READY)
	$(BIN)/python -m tests.chaos.storm --results benchmarks/results/chaos.json $(ARGS)

# A release rolled out under 50 tables; ARGS="--tables 20" for fewer.
rehearsal: $(READY)
	$(BIN)/python -m tests.upgrade.rehearsal --results benchmarks/results/rehearsal.json $(ARGS)

# An hour under load with flat memory; SOAK_S=300 for less.
soak: $(READY)
	$(BIN)/python -m tests.soak.soak $(ARGS)

# Half a million hands through the battery, and dieharder (apt install dieharder) over the raw stream.
randomness: $(READY)
	$(BIN)/python -m tests.randomness $(ARGS)

# A million broken frames at simulated tables; thousands of hands searched for leaks.
fuzz: $(READY)
	$(BIN)/python -m tests.redteam.fuzz $(ARGS)
	$(BIN)/python -m tests.redteam.leaks

# Known holes in what we depend on: asks the advisories' databases, so it needs a network; 2 if they
# do not answer.
audit: $(READY)
	$(BIN)/python -m tests.redteam.audit

clean:
	rm -rf $(VENV) .squaredeal .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv, itself pinned in the lock file, installs what the lock file says and nothing else; bytecode
# is compiled now, so that the first start is as quick as the second.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@
