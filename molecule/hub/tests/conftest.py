# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The four hosts of this scenario, as its inventory describes them, and the two ways through it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from proof.backend import host_of
from proof.engine import Engine, Node
from proof.fixtures import engine, scenario
from proof.numbered import between, gateway
from proof.topology import Topology
from testinfra.host import Host

__all__ = ["engine", "scenario"]

NAME = "hub"
HUBS = {"berlin": 1, "paris": 2}
BRANCHES = {"lyon": 3, "oslo": 4}


@pytest.fixture(scope="session")
def by() -> Callable[[str], Topology]:
    """Return what makes a topology of a hub: both branches, and what is between them by way of it."""

    def topology(hub: str) -> Topology:
        left, right = (
            gateway(NAME, number, name, f"vpn-{hub}", hub=HUBS[hub])
            for name, number in BRANCHES.items()
        )
        return between(NAME, left, right)

    return topology


@pytest.fixture(scope="session")
def nodes(engine: Engine) -> dict[str, Node]:
    """Return the containers by the names of the hosts."""
    return {name: engine.node(f"molecule-{NAME}-{name}") for name in (*HUBS, *BRANCHES)}


@pytest.fixture(scope="session")
def branches(nodes: dict[str, Node]) -> dict[str, Host]:
    """Return testinfra's hosts of both branches by their names."""
    return {name: host_of(nodes[name]) for name in BRANCHES}


@pytest.fixture(scope="session")
def dpd_time(scenario: Path) -> float:
    """Return in how many seconds a branch is to notice that a hub is dead."""
    given = yaml.safe_load((scenario / "inventory/group_vars/nodes.yml").read_text())
    delay = given["strongswan_vti_site"]["connection"]["dpd_delay"]
    charon = given["strongswan_vti_charon_reload_settings"]
    timeout, base = float(charon["retransmit_timeout"]), float(charon["retransmit_base"])
    waits = [timeout * base**n for n in range(charon["retransmit_tries"] + 1)]
    return float(delay.removesuffix("s")) + sum(waits)
