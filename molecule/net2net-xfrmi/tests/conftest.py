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

NAME = "net2net-xfrmi"


@pytest.fixture(scope="session")
def topology() -> Topology:
    """Return both hosts; charon on sun counts its if_ids from 1, in before out."""
    moon = gateway(NAME, 1, "moon", device="xfrm-sun-out", device_in="xfrm-sun-in")
    sun = gateway(NAME, 2, "sun", device="xfrm-2", device_in="xfrm-1")
    return between(NAME, moon, sun)
