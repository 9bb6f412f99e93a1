# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three hosts of this scenario, as its inventory describes them."""

from __future__ import annotations

from itertools import combinations

import pytest
from proof.fixtures import engine, hosts, scenario, watch, watching
from proof.numbered import between, gateway
from proof.topology import Topology

__all__ = ["engine", "hosts", "pairs", "scenario", "topology", "watch", "watching"]

NAME = "mesh"
NUMBERS = {"moon": 1, "sun": 2, "venus": 3}


def pair(left: str, right: str) -> Topology:
    """Return two of the hosts and what is between them."""
    ends = (
        gateway(NAME, NUMBERS[name], name, f"vpn-{peer}")
        for name, peer in ((left, right), (right, left))
    )
    return between(NAME, *ends)


@pytest.fixture(scope="session")
def pairs() -> list[Topology]:
    """Return each two of them."""
    return [pair(left, right) for left, right in combinations(NUMBERS, 2)]


@pytest.fixture(scope="session")
def topology() -> Topology:
    """Return the two that stay when venus leaves."""
    return pair("moon", "sun")
