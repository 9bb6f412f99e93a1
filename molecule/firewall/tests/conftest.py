# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two hosts of this scenario, as its inventory describes them."""

from __future__ import annotations

import pytest
from proof.fixtures import engine, hosts, scenario, tunnel
from proof.numbered import between, gateway
from proof.topology import Topology

__all__ = ["engine", "hosts", "scenario", "topology", "tunnel"]

NAME = "firewall"


@pytest.fixture(scope="session")
def topology() -> Topology:
    """Return both hosts and what is between them; sun begins, so that moon has to let it in."""
    return between(NAME, gateway(NAME, 2, "sun", "vti-moon"), gateway(NAME, 1, "moon", "vti-sun"))
