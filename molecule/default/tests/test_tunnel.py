# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets through the tunnel, and the state of both hosts while it is up."""

from __future__ import annotations

from pathlib import Path

import pytest
from proof.playbook import play
from proof.topology import Topology
from proof.verdict import Proof
from testinfra.host import Host

PINGED = 12  # both ways, IPv4 and IPv6, proof.run.PINGS each


def test_every_ping_is_answered(tunnel: Proof) -> None:
    totals = tunnel.totals()
    assert (totals["ping_sent"], totals["ping_received"]) == (PINGED, PINGED)


@pytest.mark.parametrize("name", ["moon", "sun"])
def test_esp_crosses_the_underlay_both_ways(tunnel: Proof, name: str) -> None:
    count = tunnel.hosts[name].count
    assert count.esp_out >= PINGED
    assert count.esp_in >= PINGED


@pytest.mark.parametrize("name", ["moon", "sun"])
def test_bridge_carries_esp_from_both(tunnel: Proof, name: str) -> None:
    assert tunnel.bridge.esp_from[name] >= PINGED


@pytest.mark.parametrize("name", ["moon", "sun"])
def test_device_carries_the_inner_packets_in_clear_both_ways(tunnel: Proof, name: str) -> None:
    count = tunnel.hosts[name].count
    assert (count.inner_out, count.inner_in) == (PINGED, PINGED)


def test_no_inner_packet_is_on_the_underlay(tunnel: Proof) -> None:
    assert tunnel.totals()["inner_on_underlay"] == 0


@pytest.mark.parametrize("name", ["moon", "sun"])
def test_device_counters_rise_both_ways(tunnel: Proof, name: str) -> None:
    counters = tunnel.hosts[name].counters
    assert counters.rx >= PINGED // 2
    assert counters.tx >= PINGED // 2


def test_tunnel_is_proven(tunnel: Proof) -> None:
    assert tunnel.failures() == []


@pytest.mark.usefixtures("tunnel")
def test_child_sa_is_installed(host: Host) -> None:
    listed = host.check_output("swanctl --list-sas")
    assert "INSTALLED, TUNNEL" in listed
    assert "ESTABLISHED, IKEv2" in listed


@pytest.mark.usefixtures("tunnel")
def test_charon_installs_no_routes_with_an_sa_up(host: Host) -> None:
    assert "INSTALLED" in host.check_output("swanctl --list-sas")
    for family in ("-4", "-6"):
        # iproute2 fails on a table that does not exist, which is as empty as can be.
        routes = host.run(f"ip {family} route show table 220")
        assert routes.stdout == ""


@pytest.mark.usefixtures("tunnel")
def test_check_mode_reports_no_change(scenario: Path, topology: Topology) -> None:
    played = play(scenario, "--check")
    assert played.hosts == tuple(sorted(gateway.name for gateway in topology.gateways))
    assert played.changed == ()
