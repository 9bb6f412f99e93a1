# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two hosts of this scenario, as its inventory describes them."""

from __future__ import annotations

import pytest
from proof.fixtures import engine, hosts, scenario, tunnel
from proof.numbered import between, gateway
from proof.topology import Topology
from testinfra.host import Host

__all__ = ["engine", "host", "hosts", "scenario", "topology", "tunnel"]

NAME = "default"


@pytest.fixture(scope="session")
def topology() -> Topology:
    """Return both hosts and what is between them."""
    return between(NAME, gateway(NAME, 1, "moon", "vti-sun"), gateway(NAME, 2, "sun", "vti-moon"))


@pytest.fixture(scope="module", params=["moon", "sun"])
def host(request: pytest.FixtureRequest, hosts: dict[str, Host]) -> Host:
    """Return each host in turn."""
    return hosts[str(request.param)]
