# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two hosts of this scenario, as its inventory describes them."""

from __future__ import annotations

import pytest
from proof.fixtures import engine, hosts, scenario
from proof.topology import Gateway, Topology

__all__ = ["engine", "hosts", "scenario", "topology"]

MOON = Gateway(
    name="moon",
    container="molecule-rolling-change-moon",
    underlay="192.0.2.11",
    device="vti-sun",
    site=("10.1.0.2", "fd00:1::2"),
)
SUN = Gateway(
    name="sun",
    container="molecule-rolling-change-sun",
    underlay="192.0.2.12",
    device="vti-moon",
    site=("10.2.0.2", "fd00:2::2"),
)


@pytest.fixture(scope="session")
def topology() -> Topology:
    """Return both hosts and what is between them."""
    return Topology((MOON, SUN), "molecule-rolling-change", inner=("10.0.0.0/8", "fd00::/16"))
