# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two children of one IKE SA share the interfaces of their connection."""

from __future__ import annotations

from functools import partial

import pytest
from proof.charon import child_sas, wait_for
from proof.engine import Engine
from proof.run import prove
from proof.topology import Topology
from testinfra.host import Host

CHILDREN = ("alice", "venus")
SHARED = {"xfrm-1", "xfrm-2"}


@pytest.fixture(scope="module")
def children(hosts: dict[str, Host]) -> None:
    """Bring both children up."""
    for child in CHILDREN:
        hosts["moon"].check_output("swanctl --initiate --child %s --timeout 20", child)


def links(host: Host) -> set[str]:
    """Return the names of the XFRM interfaces."""
    listed = host.check_output("ip -oneline link show type xfrm")
    return {line.split(": ")[1].partition("@")[0] for line in listed.splitlines()}


def has_left(host: Host, left: int) -> bool:
    """Return whether a host has that many CHILD SAs."""
    return len(child_sas(host)) == left


def end(hosts: dict[str, Host], child: str, left: int) -> None:
    """End a child; that many are left, on both hosts."""
    hosts["moon"].check_output("swanctl --terminate --child %s", child)
    for host in hosts.values():
        wait_for(f"{left} CHILD SAs", partial(has_left, host, left))


@pytest.mark.usefixtures("children")
def test_both_children_carry_both_families(engine: Engine, topology: Topology) -> None:
    assert prove(engine, topology).failures() == []


@pytest.mark.usefixtures("children")
def test_they_share_the_interfaces(hosts: dict[str, Host]) -> None:
    assert sorted(child_sas(hosts["moon"]).values()) == list(CHILDREN)
    assert links(hosts["sun"]) == SHARED


@pytest.mark.usefixtures("children")
def test_the_interfaces_end_with_the_last_child(
    engine: Engine, topology: Topology, hosts: dict[str, Host]
) -> None:
    end(hosts, "venus", left=1)
    assert links(hosts["sun"]) == SHARED
    moon, sun = topology.gateways
    ping = moon.ping("-q", "-c", "3", "-i", "0.2", "-W", "2", sun.site[0])
    answered = engine.node(moon.container).run(*ping)
    assert "3 received" in answered.stdout
    end(hosts, "alice", left=0)
    assert links(hosts["sun"]) == set()
