# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not fit the host is refused before anything on it is changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from proof.playbook import PlaybookError, play
from testinfra.host import Host

STATE = "find /etc /usr/local -newermt @0 -printf '%%p %%T@ %%s\n' | sort; dpkg --get-selections; ip link"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "other daemon": ({"strongswan_vti_daemon": "starter"}, "has the package charon-systemd"),
    "connections of the other daemon": (
        {"strongswan_vti_ipsec_conf_connections": [{"name": "net"}]},
        "connections are given that it does not read",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_and_changes_nothing(case: str, scenario: Path, hosts: dict[str, Host]) -> None:
    variables, words = REFUSED[case]
    before = hosts["moon"].check_output(STATE)
    with pytest.raises(PlaybookError, match=words):
        play(scenario, "--limit=moon", f"--extra-vars={json.dumps(variables)}")
    assert hosts["moon"].check_output(STATE) == before


# A daemon of Libreswan's name, the key of the tunnel on another device, the network of the other site
# on a device of the host, no forwarding, and a strict filter that overrules what the tunnel wants.
SPOIL = """
set -eu
cp /bin/sleep /tmp/pluto
systemd-run --quiet --collect --unit=libreswan-standin /tmp/pluto 600
ip link add vti-old type vti local 192.0.2.11 remote 192.0.2.99 key 43
ip link add old type dummy
ip address add 10.2.0.7/24 dev old
sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=1
"""
REPAIR = """
systemctl stop libreswan-standin.service
ip link del vti-old
ip link del old
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
rm /tmp/pluto
"""
NAMED = (
    "5 problems stand in the way, and nothing was changed:",
    "Libreswan runs on this host, by unit libreswan-standin.service",
    "its key 43 is that of device vti-old (not made by this collection), too",
    "10.2.0.0/24 is the network of this host's own device old (10.2.0.7/24)",
    "rp_filter 0 is without effect, as net.ipv4.conf.all.rp_filter is 1",
    "net.ipv4.ip_forward: it is 0, and networks are behind this host (10.1.0.0/24)",
)


@pytest.fixture
def spoiled(hosts: dict[str, Host]) -> Iterator[Host]:
    """Return a host on which several things are wrong at once."""
    hosts["moon"].check_output(SPOIL)
    yield hosts["moon"]
    hosts["moon"].check_output(REPAIR)


def test_all_problems_of_a_host_are_named_at_once(scenario: Path, spoiled: Host) -> None:
    tunnel = {"name": "vti-sun", "local": "192.0.2.11", "remote": "192.0.2.12", "key": 43}
    variables = {
        "strongswan_vti_networks": ["10.1.0.0/24"],
        "strongswan_vti_tunnels": [{**tunnel, "rp_filter": 0}],
    }
    before = spoiled.check_output(STATE)
    with pytest.raises(PlaybookError) as refused:
        play(scenario, "--limit=moon", f"--extra-vars={json.dumps(variables)}")
    assert [words for words in NAMED if words not in str(refused.value)] == []
    assert spoiled.check_output(STATE) == before
