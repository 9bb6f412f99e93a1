# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tunnel whose ends have different marks carries both families, whichever end begins."""

from __future__ import annotations

import pytest
from proof.charon import wait_for_no_sa
from proof.engine import Engine
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.verdict import Proof
from testinfra.host import Host

MARKS = {"moon": 42, "sun": 1337}


def test_tunnel_is_proven(tunnel: Proof) -> None:
    assert tunnel.failures() == []


@pytest.mark.usefixtures("tunnel")
@pytest.mark.parametrize("name", MARKS)
def test_sas_have_the_mark_of_their_host(hosts: dict[str, Host], name: str) -> None:
    listed = hosts[name].check_output("swanctl --list-sas")
    mark = f"(0x{MARKS[name]:08x})"
    assert listed.count(mark) == 2, listed  # in and out


@pytest.mark.usefixtures("tunnel")
def test_the_other_end_begins(engine: Engine, topology: Topology, hosts: dict[str, Host]) -> None:
    hosts["moon"].check_output("swanctl --terminate --ike sun")
    wait_for_no_sa(hosts.values())
    turned = Topology(topology.gateways[::-1], topology.network, topology.inner)
    assert bring_up(engine, turned)
    assert prove(engine, turned).failures() == []
