# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each direction has an interface of its own, on one host static, on the other one the hook's."""

from __future__ import annotations

import re

import pytest
from proof.charon import list_sas, wait_for_no_sa
from proof.verdict import Proof
from testinfra.host import Host

_IF_IDS = re.compile(r"^    (in|out) .*\(-\|0x([0-9a-f]{8})\)", re.MULTILINE)


def if_ids(host: Host) -> dict[str, int]:
    """Return the if_ids of the installed SA by their direction."""
    return {way: int(number, 16) for way, number in _IF_IDS.findall(list_sas(host))}


def links(host: Host) -> set[str]:
    """Return the names of the XFRM interfaces."""
    listed = host.check_output("ip -oneline link show type xfrm")
    return {line.split(": ")[1].partition("@")[0] for line in listed.splitlines()}


def test_tunnel_is_proven(tunnel: Proof) -> None:
    assert tunnel.failures() == []


@pytest.mark.usefixtures("tunnel")
def test_each_direction_has_its_own_if_id(hosts: dict[str, Host]) -> None:
    assert if_ids(hosts["moon"]) == {"in": 42, "out": 1337}
    chosen = if_ids(hosts["sun"])
    assert chosen["in"] != chosen["out"]
    assert links(hosts["sun"]) == {f"xfrm-{number}" for number in chosen.values()}


@pytest.mark.usefixtures("tunnel")
def test_the_hooks_interfaces_end_with_the_sa_and_the_static_ones_stay(
    hosts: dict[str, Host],
) -> None:
    hosts["moon"].check_output("swanctl --terminate --ike sun")
    wait_for_no_sa(hosts.values())
    assert links(hosts["sun"]) == set()
    assert "xfrm-" not in hosts["sun"].check_output("ip route; ip -6 route")
    assert links(hosts["moon"]) == {"xfrm-sun-in", "xfrm-sun-out"}
