# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two hosts of this scenario, as its inventory describes them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from proof.fixtures import engine, hosts, scenario
from proof.numbered import between, gateway
from proof.topology import Topology

__all__ = ["engine", "hosts", "scenario", "topology"]

NAME = "net2net-xfrmi-ike"
ALICE = ("10.1.0.2", "fd00:1::2")
VENUS = ("10.1.0.3", "fd00:1::3")


@pytest.fixture(scope="session")
def topology() -> Topology:
    """Return both hosts; charon on sun counts its if_ids from 1, in before out."""
    moon = gateway(NAME, 1, "moon", device="xfrm-sun-out", device_in="xfrm-sun-in")
    moon = replace(moon, site=(ALICE[0], VENUS[0], ALICE[1], VENUS[1]))
    sun = gateway(NAME, 2, "sun", device="xfrm-2", device_in="xfrm-1")
    return between(NAME, moon, sun)
