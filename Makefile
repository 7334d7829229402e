# make run: the dashboard on http://localhost:8501
# make test: all tests, in a real browser too, two at a time
# make check: format, lint, types, contracts, spelling; that of the JavaScript too, with Node
PYTHON ?= python3
PORT ?= 8501

.PHONY: run test check clean

run: .venv/installed
	.venv/bin/streamlit run dashboard/app.py --server.port $(PORT)

test: .venv/tested
	.venv/bin/python -m pytest -n 2 --dist worksteal

# Format, lint, types, who may import whom, spelling; package.json says what of the JavaScript.
check: .venv/checked node_modules/.installed
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	.venv/bin/pyright --pythonpath .venv/bin/python
	.venv/bin/lint-imports --no-logo
	.venv/bin/codespell actviz_core dashboard tests benchmarks docs README.md CHANGELOG.md CONTRIBUTING.md CITATION.cff
	npm run --silent check

.venv/checked: .venv/installed
	.venv/bin/python -m pip install --quiet -e '.[check]'
	touch $@

# Only checks need Node: browsers get the modules as they are.
node_modules/.installed: package.json
	npm install --silent --no-audit --no-fund
	touch $@

.venv/installed: pyproject.toml requirements.txt
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet -r requirements.txt
	touch $@

# A browser: the system's chromium, or Playwright's download, or Debian's package.
.venv/tested: .venv/installed
	.venv/bin/python -m pip install --quiet -e '.[test]'
	command -v chromium || .venv/bin/playwright install --with-deps chromium || \
	  (apt-get update -qq && apt-get install -y -qq chromium)
	touch $@

clean:
	rm -rf .venv node_modules build *.egg-info
