# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two hosts of this scenario, as the README describes them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from proof.fixtures import engine, hosts, scenario, tunnel
from proof.numbered import between, gateway
from proof.topology import Gateway, Topology

__all__ = ["engine", "hosts", "scenario", "topology", "tunnel"]

NAME = "readme"


@pytest.fixture(scope="session")
def topology() -> Topology:
    """Return both hosts and what is between them."""
    return between(NAME, ipv4(1, "moon"), ipv4(2, "sun"))


def ipv4(number: int, name: str) -> Gateway:
    """Return a host as the README has it: without IPv6, and the device has the same name on both."""
    numbered = gateway(NAME, number, name, "vti42")
    return replace(numbered, site=numbered.site[:1])
