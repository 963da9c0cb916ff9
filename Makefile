# The tasks of the project. `make demo` and `make test` do all the set-up on a fresh Debian or
# Ubuntu machine that has a Swift toolchain.

SWIFT ?= swift
APT = $(if $(filter 0,$(shell id -u)),,sudo) apt-get
P2MLAB = .build/release/p2mlab
VENV = .build/venv
BROWSER_VENV = .build/browser-venv
STORY = examples/stale-frame

.PHONY: all demo test test-protocol test-clients test-browser test-lsp page pictures robustness lint format \
  sessions protocol findings actors matrix proposal-cost conformance bench bench-check bench-counts link-order setup clean

all: $(P2MLAB)

# Shows where the foreign page is lost, and where it is kept.
demo: $(P2MLAB)
	@$(P2MLAB) run --show $(STORY).xen-4.16.ndjson \
	  $(STORY).xen-4.16-clear-on-put.ndjson $(STORY).xen-4.17.ndjson

test: setup
	$(SWIFT) build --build-tests
	rm -rf .build/tmp && mkdir -p .build/tmp
	TMPDIR=$(CURDIR)/.build/tmp P2MLAB_INTERNAL_CHECKS=1 $(SWIFT) test --skip-build

# The release program answers as the examples and the protocol's conformance sessions say.
sessions: $(P2MLAB)
	$(P2MLAB) run examples/*.ndjson protocol/conformance/*.ndjson

# What the fix of 2021 costs; the document is what its script makes.
proposal-cost: $(P2MLAB)
	docs/make-proposal-cost.py --check

# A little of everything that may not break the server; docs/robustness.md tells of the long runs.
robustness: $(P2MLAB)
	python3 protocol/conformance/run.py -- $(P2MLAB) serve
	python3 Tests/robustness/fuzz.py --seed 1 --inputs 5000 --server "$(P2MLAB) serve"
	python3 Tests/robustness/memory.py --mebibytes 64 --server "$(P2MLAB) serve"
	python3 Tests/robustness/soak.py --requests 100000 --server "$(P2MLAB) serve"
	python3 Tests/robustness/kill9.py --kills 10 --server "$(P2MLAB) serve"

# The generated documents, seen by the tools of their standards.
test-protocol: $(VENV)
	$(VENV)/bin/python protocol/validate.py

# The page that `p2mlab render` makes, in Debian's Chromium; it installs what it needs.
test-browser: $(P2MLAB) $(BROWSER_VENV)
	@command -v chromium >/dev/null || { \
	  echo "installing chromium" >&2; \
	  $(APT) update -qq && $(APT) install -y -qq chromium; } 1>&2
	P2MLAB="$(abspath $(P2MLAB))" $(BROWSER_VENV)/bin/python Tests/browser/test_page.py

# The pictures of the documents; they are what their script makes.
pictures: $(P2MLAB)
	docs/make-pictures

# Each client's own suite, against the release program; it installs what it needs. So does examples/ci.
test-clients: $(P2MLAB)
	@for suite in clients/*/test examples/ci/test; do \
	  if test -x "$$suite"; then \
	    echo "== $$suite" && P2MLAB_SERVER="$(abspath $(P2MLAB))" "$$suite" || exit 1; fi; \
	done

# p2mlab beside floors in C and its peers, in turns: benchmarks/results.md. On a machine with nothing else to
# do it takes some ten minutes; benchmarks/run --quick is shorter, and prints.
bench: $(P2MLAB)
	benchmarks/run

# The instructions that the paths take which must stay fast, beside those checked in; or written anew.
bench-check: $(P2MLAB) valgrind
	benchmarks/instructions/check

bench-counts: $(P2MLAB) valgrind
	benchmarks/instructions/check --renew

# What the program touches at its start, for the linker to lay together.
link-order: $(P2MLAB) valgrind
	linking/make-order
	rm $(P2MLAB)

.PHONY: valgrind
valgrind:
	@command -v valgrind >/dev/null || { $(APT) update -qq && $(APT) install -y -qq valgrind; } 1>&2

# Editors drive the language server: pytest-lsp, Neovim, Emacs; it installs what it needs.
test-lsp: $(P2MLAB)
	P2MLAB_SERVER="$(abspath $(P2MLAB))" Tests/lsp/run

# What the explorer finds on every preset.
findings: $(P2MLAB)
	docs/make-findings.py

# What is made from the methods' declarations.
protocol: $(P2MLAB)
	$(P2MLAB) schema --write protocol
	$(P2MLAB) schema python > .build/_protocol.py
	mv .build/_protocol.py clients/python/src/p2mlab/_protocol.py

# The templates of examples/actors within the program.
actors:
	mkdir -p .build
	.ci/embed-actors > .build/BuiltInActors.swift
	mv .build/BuiltInActors.swift Sources/P2MProtocol/Actors/BuiltInActors.swift

# The template of the page, within the program.
page:
	mkdir -p .build
	.ci/embed-page > .build/PageTemplate.swift
	mv .build/PageTemplate.swift Sources/Rendering/Page/PageTemplate.swift

# What each release loses; the exit code 1 says that some do.
matrix: $(P2MLAB)
	$(P2MLAB) scenario --markdown examples/scenarios/boot.json > docs/matrix.md || test $$? -eq 1

$(VENV):
	python3 -c 'import ensurepip' 2>/dev/null || { \
	  $(APT) update -qq && $(APT) install -y -qq python3-venv; } 1>&2
	python3 -m venv $@
	$@/bin/pip install --quiet --disable-pip-version-check openrpc==11.1.1 jsonschema || { \
	  rm -rf $@; exit 1; }

$(BROWSER_VENV):
	python3 -c 'import ensurepip' 2>/dev/null || { \
	  $(APT) update -qq && $(APT) install -y -qq python3-venv; } 1>&2
	python3 -m venv $@
	$@/bin/pip install --quiet --disable-pip-version-check playwright axe-playwright-python || { \
	  rm -rf $@; exit 1; }

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests benchmarks Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests benchmarks Package.swift

# Always asked: the package manager knows best what has changed.
.PHONY: $(P2MLAB)
$(P2MLAB): setup
	@$(SWIFT) build --configuration release --product p2mlab 1>&2

# libjansson, and what finds it; libfdt, and the compiler that the tests ask about its trees.
setup:
	@pkg-config --exists jansson 2>/dev/null || { \
	  echo "installing libjansson-dev" >&2; \
	  $(APT) update -qq && $(APT) install -y -qq libjansson-dev pkg-config; } 1>&2
	@{ test -e /usr/include/libfdt.h && command -v dtc; } >/dev/null || { \
	  echo "installing libfdt-dev, device-tree-compiler" >&2; \
	  $(APT) update -qq && $(APT) install -y -qq libfdt-dev device-tree-compiler; } 1>&2

# The real hypervisor beside the model.
conformance:
	@$(MAKE) -C conformance P2MLAB=$(abspath $(P2MLAB))

clean:
	rm -rf .build
