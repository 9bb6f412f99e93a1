# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway and the client of this scenario, as its inventory describes them."""

from __future__ import annotations

import pytest
from proof.fixtures import engine, hosts, scenario, watch, watching
from proof.numbered import between, client, gateway
from proof.topology import Topology

__all__ = ["engine", "hosts", "scenario", "topology", "watch", "watching"]

NAME = "seed"
VIRTUAL = ("10.3.0.1", "fd00:3::1")


@pytest.fixture(scope="session")
def topology() -> Topology:
    """Return both hosts; the client is the first, as it is the one who calls."""
    return between(NAME, client(NAME, 2, "rw", "vti2", VIRTUAL), gateway(NAME, 1, "gw", "vti42"))
