# SPDX-License-Identifier: GPL-3.0-or-later
# make run: plan the demo. make test: pass the tests. make ci: everything that CI does.

SHELL := /bin/sh
SWIFT ?= swift
# Debian's packages that the build needs: GLPK, OpenSSL for SHA-256, and the
# writer of spreadsheets; and for the tests another program that reads these.
PACKAGES := libglpk-dev libssl-dev libxlsxwriter-dev
TEST_PACKAGES := python3-openpyxl
RELEASE := .build/release
INSTANCE ?= instances/aues-demo
TIME_LIMIT ?= 100

.PHONY: run test ci deps highs build lint check-imports end-to-end bench bench-load walk clean

run: build
	$(RELEASE)/keste plan $(INSTANCE) -o out/plan --time-limit $(TIME_LIMIT)
	$(RELEASE)/keste-check $(INSTANCE) out/plan
	$(RELEASE)/keste report $(INSTANCE) out/plan -o out/site
	@echo
	@echo "plan:  out/plan/meetings.csv (and sections, load, assignments, plan.json)"
	@echo "pages: out/site/index.html"

test: deps
	@python3 -c 'import openpyxl' 2>/dev/null || $(MAKE) --no-print-directory deps PACKAGES='$(TEST_PACKAGES)'
	@$(MAKE) --no-print-directory highs 2>/dev/null \
	  || echo "HiGHS cannot be installed here: the tests that ask it are left out"
	$(WITH_VENV) $(SWIFT) test

ci: lint check-imports test end-to-end

# Installs what is missing, as root or through sudo; does nothing where nothing is missing.
deps:
	@command -v $(SWIFT) >/dev/null || { echo "Swift 6.3 is needed: https://swift.org/install"; exit 1; }
	@command -v dpkg-query >/dev/null || { echo "not Debian: taking $(PACKAGES) for installed"; exit 0; }; \
	missing=; \
	for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' \
	    || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  as=; [ "$$(id -u)" -eq 0 ] || as=sudo; \
	  echo "installing$$missing"; \
	  $$as apt-get update -qq || true; \
	  $$as env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

# HiGHS for Python, which the tests and bench-load ask: where python3 has none it comes into out/venv,
# since Debian's pip installs only into such folders. What python3 has otherwise is seen there too.
WITH_VENV := PATH="$(CURDIR)/out/venv/bin:$$PATH"
highs:
	@$(WITH_VENV) python3 -c 'import highspy' 2>/dev/null || { \
	  { python3 -c 'import ensurepip' 2>/dev/null \
	    || $(MAKE) --no-print-directory deps PACKAGES=python3-venv; } \
	  && echo "installing highspy into out/venv" \
	  && python3 -m venv --system-site-packages out/venv \
	  && out/venv/bin/pip install --quiet --disable-pip-version-check --retries 1 \
	    --only-binary :all: highspy; }

build: deps
	$(SWIFT) build -c release --product keste
	$(SWIFT) build -c release --product keste-check

# Tables, CSV and curves of benchmark data: make bench DATA=FOLDER SET=ctt INSTANCES=comp01,comp02
SET ?= ctt
INSTANCES ?= comp01,comp02,comp03
SECONDS_EACH ?= 60
bench: build
	$(SWIFT) build -c release --product keste-bench
	$(RELEASE)/keste-bench timetable --set $(SET) --data "$(DATA)" --instances $(INSTANCES) \
	  --seconds $(SECONDS_EACH) -o out/bench-$(SET)

# The load against HiGHS (28 minutes at most): make bench-load TEACHERS=60,150 SEEDS=1,2
# What out/bench-load/load.csv has already is not run again; the table is load.md beside it.
TEACHERS ?= 12,20,60,150,400
SEEDS ?= 1,2,3,4,5
bench-load: deps
	@$(MAKE) --no-print-directory highs
	$(SWIFT) build -c release --product keste-bench
	$(WITH_VENV) $(RELEASE)/keste-bench load --threads 2 --teachers $(TEACHERS) --seeds $(SEEDS) \
	  -o out/bench-load --reference benchmarks/load/highs.py

# Random moves on benchmark data with all assertions in optimised code: make walk DATA=FOLDER
MOVES ?= 10000000
walk: deps
	KESTE_BENCHMARK_DATA="$(DATA)" KESTE_WALK_MOVES=$(MOVES) $(SWIFT) test \
	  --scratch-path .build/walk -Xswiftc -O -Xswiftc -assert-config -Xswiftc Debug \
	  --filter LongWalkTests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

# SwiftPM does not hold targets to their declared dependencies by itself.
check-imports: deps
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error

# Generate, plan, validate and report, with the programs as they are released.
end-to-end: build
	rm -rf out/ci
	$(RELEASE)/keste generate -o out/ci/instance --students 300 --seed 11 --dialect semicolon
	for instance in out/ci/instance instances/aues-small; do \
	  $(RELEASE)/keste plan $$instance -o out/ci/plan --time-limit 20 || exit 1; \
	  $(RELEASE)/keste-check $$instance out/ci/plan || exit 1; \
	  $(RELEASE)/keste report $$instance out/ci/plan -o out/ci/site || exit 1; \
	done

clean:
	rm -rf .build out
