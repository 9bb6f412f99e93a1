# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pytest's fixtures for every scenario; its conftest.py imports them and defines `topology`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from testinfra.host import Host

from proof.backend import host_of
from proof.engine import Engine
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.verdict import Proof
from proof.watch import Watch, watched


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the container engine."""
    return Engine()


@pytest.fixture(scope="session")
def scenario() -> Path:
    """Return the scenario's directory."""
    return Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])


@pytest.fixture(scope="session")
def hosts(engine: Engine, topology: Topology) -> dict[str, Host]:
    """Return testinfra's hosts by the names of the gateways."""
    return {gateway.name: host_of(engine.node(gateway.container)) for gateway in topology.gateways}


@pytest.fixture(scope="module")
def tunnel(engine: Engine, topology: Topology) -> Proof:
    """Bring the tunnel up and return what was seen in it and around it."""
    assert bring_up(engine, topology), "no ping got through the tunnel"
    return prove(engine, topology)


@pytest.fixture(scope="module")
def watching(engine: Engine, topology: Topology) -> Iterator[Watch]:
    """Pings and captures that run from the first test that wants them to the module's end."""
    with watched(engine, topology) as seen:
        yield seen
    assert seen.leaked() == []


@pytest.fixture
def watch(watching: Watch, capsys: pytest.CaptureFixture[str]) -> Iterator[Watch]:
    """The same for one test: its losses are printed, and nothing was in the clear until its end."""
    del watching.told[:]
    yield watching
    with capsys.disabled():
        print("", *watching.told, sep="\n  ")
    assert watching.leaked() == []
