# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The one front door. `make` prints what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:

# What `make molecule` and `make test` run, as CI has time for; SCENARIO=seed is that one only.
SCENARIOS ?= default seed net2net-xfrmi hub
SCENARIO ?= $(SCENARIOS)
CHARON ?= $(patsubst %,tests/charon/test_%.py,authority bad_input connection credential secret)

in_node := .venv/bin/python tests/run_in_node.py
run_in_node := tools/with-lab $(in_node)
molecule := tools/with-lab env PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/molecule test

.PHONY: help
help: ## print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo demo-down
demo: bootstrap ## two hosts, one playbook, a proven tunnel; leaves the hosts up
	@tools/demo up

demo-down: bootstrap ## remove what `make demo` made
	@tools/demo down

.PHONY: docs
docs: bootstrap-lint ## the documentation as a site, with the reference of modules and role, in build/site
	@.venv/bin/python tools/site

.PHONY: test one-node lint unit secrecy kernel contract hook hook-all networkd charon charon-all updown updown-all updown-table apparmor starter molecule molecule-all sid kernel-matrix python39 bench soak
# What needs no lab runs while the lab comes up and its first steps leave a processor idle.
test: bootstrap-lint ## lint, unit and secrecy; beside them kernel, contract, networkd, hook, charon, updown and molecule
	@tools/meanwhile tools/run-steps lint unit secrecy \
	  -- tools/with-lab tools/run-steps one-node hook charon updown $(SCENARIOS:%=scenario-%)

# Each of them runs in one container, and takes one processor.
one-node: bootstrap ## kernel, and beside it contract and networkd
	@tools/with-lab tools/meanwhile tools/run-steps contract networkd -- tools/run-steps kernel

lint: bootstrap-lint ## every static check: ruff, mypy, ansible-lint, ansible-test sanity, ...
	@tools/lint

unit: bootstrap ## tests of the pure layers, on this machine
	@.venv/bin/python -m pytest tests/unit

secrecy: bootstrap ## what runs of ansible-playbook -vvvv leave anywhere, searched for secrets
	@.venv/bin/python -m pytest -n 2 tests/secrecy

kernel: bootstrap ## the vti_* modules on a real kernel [GUEST=debian13] [PYROUTE2=0.9.7]
	@$(run_in_node) kernel

contract: bootstrap ## what persists, replayed, against what the modules make
	@$(run_in_node) contract

hook: bootstrap ## the updown hook, driven by a stand-in for charon, on Debian 12 and 13: every 48th test, as CI has time for
	@tools/with-lab tools/side-by-side debian12 debian13 -- tools/suite-of hook --every 48

hook-all: bootstrap ## every test of the updown hook (long)
	@tools/with-lab tools/side-by-side debian12 debian13 -- tools/suite-of hook

networkd: bootstrap ## guards beside systemd-networkd, by packets
	@$(run_in_node) networkd

charon: bootstrap ## the strongswan_* modules against a real charon, of Debian 12 and 13: what CI has time for
	@tools/with-lab tools/side-by-side debian12 debian13 -- tools/suite-of charon $(CHARON)

charon-all: bootstrap ## every test of the strongswan_* modules against a real charon (long)
	@tools/with-lab tools/side-by-side debian12 debian13 -- tools/suite-of charon

updown: bootstrap ## the updown hook through the events of a real charon, of Debian 12 and 13, by packets: every 24th row, as CI has time for
	@tools/with-lab tools/side-by-side debian12 debian13 -- tools/suite-of updown -k ours --every 24

updown-all: bootstrap ## every row of the updown hook with a real charon (long)
	@tools/with-lab tools/side-by-side debian12 debian13 -- tools/suite-of updown -k ours

updown-table: bootstrap ## the same, with the seed's script beside it, into build/updown-table.md (long)
	@tools/with-lab tools/side-by-side debian12 debian13 -- tools/suite-of updown

apparmor: bootstrap ## the hook below a charon that AppArmor confines, of Debian 12 and 13, on a kernel that enforces profiles
	@LAB_NAME=$${LAB_NAME:-apparmor} LAB_APPARMOR=yes tools/with-lab tools/apparmor

starter: bootstrap ## strongswan_ipsec_conf against a real starter, of Debian 12 and 13
	@tools/with-lab tools/side-by-side debian12-starter debian13-starter -- $(in_node) starter --image

molecule: bootstrap ## hosts in containers, real packets: $(SCENARIOS) [SCENARIO=default]
	@tools/with-lab tools/run-steps $(SCENARIO:%=scenario-%)

molecule-all: bootstrap ## every molecule scenario (long)
	@tools/with-lab tools/run-steps $(patsubst molecule/%/molecule.yml,scenario-%,$(wildcard molecule/*/molecule.yml))

scenario-%: bootstrap
	@$(molecule) --scenario-name "$*"

sid: bootstrap ## Debian sid: the strongswan_* modules against its charon, and a molecule scenario on it
	@$(run_in_node) charon --image sid -- $(CHARON)
	@NODE_IMAGE=sid $(molecule) --scenario-name net2net-vti

kernel-matrix: bootstrap ## `make kernel` for every guest kernel and pyroute2 that we support
	@tools/kernel-matrix

python39: bootstrap ## `make kernel` with Python 3.9, the oldest that targets may have
	@$(run_in_node) kernel --python39

bench: bootstrap ## measure against `ip -batch`, swanctl, the first updown script and pings of Ansible, into build/bench.json
	@$(run_in_node) bench
	@$(run_in_node) bench-charon
	@$(run_in_node) bench-hook
	@tools/with-lab .venv/bin/python tests/bench/role.py

soak: bootstrap ## long randomised runs: 200 states in a row, 100 runs killed, 500 events of charon [SEED=7]
	@$(run_in_node) soak
	@$(run_in_node) soak-updown -- $(if $(SEED),--seed $(SEED))

.PHONY: lab-up lab-down
lab-up: bootstrap ## start the lab: a guest kernel with VTI and a container engine
	@lab/lab up $(if $(GUEST),--guest $(GUEST))

lab-down: ## stop the lab
	@lab/lab down

.PHONY: release clean
release: bootstrap-lint ## turn changelogs/fragments into CHANGELOG.md, for the version of galaxy.yml
	@PATH="$(CURDIR)/.venv/bin:$$PATH" antsibull-changelog release

clean: ## remove everything that the tools made in the checkout
	@rm -rf build .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache .venv .venv-importer
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: bootstrap bootstrap-lint
bootstrap:
	@tools/bootstrap

bootstrap-lint:
	@tools/bootstrap lint
