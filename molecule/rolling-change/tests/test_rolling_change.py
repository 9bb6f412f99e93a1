# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of examples/change while pings run: what is lost is what was forecast, nothing leaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from proof.engine import Engine
from proof.playbook import Played, play
from proof.run import bring_up
from proof.topology import Topology
from proof.watch import Watch, watched
from testinfra.host import Host

CHANGE = Path(__file__).resolve().parents[3] / "examples/change"
PROPOSALS = ["aes256gcm16-x25519"]
PSK = "another one that only the tests use"
CERTIFICATE = "{{ inventory_hostname }}-2"
# What a forecast lets get lost, of ten requests a second.
ALLOWED = {"none": 0}

pytestmark = pytest.mark.usefixtures("tunnels")


@pytest.fixture(scope="module")
def tunnels(engine: Engine, topology: Topology) -> None:
    """Bring both tunnels up."""
    assert bring_up(engine, topology), "no ping got through the tunnels"


def change(scenario: Path, playbook: str, **variables: Any) -> Played:
    """Play one of the examples."""
    return play(scenario, f"--extra-vars={json.dumps(variables)}", playbook=str(CHANGE / playbook))


def connections(played: Played) -> list[dict[str, Any]]:
    """Return what strongswan_conn told of each connection, in the order of the tasks."""
    return [
        connection
        for task in played.tasks
        for connection in task.result.get("connections", [])
        if "disruption" in connection
    ]


def assert_lost_as_forecast(watch: Watch, forecasts: list[dict[str, Any]]) -> None:
    """No more is lost than was forecast, and no packet was on the underlay in the clear."""
    assert forecasts
    levels = {connection["disruption"] for connection in forecasts}
    assert levels <= set(ALLOWED), forecasts
    allowed = max(ALLOWED[level] for level in levels)
    for address, echoes in watch.echoes().items():
        print(f"{address}: {echoes}, lost {echoes.lost}, forecast {sorted(levels)}")
        assert echoes.lost <= allowed, f"{address}: {echoes}"
    assert watch.leaked() == []


def sas(hosts: dict[str, Host]) -> str:
    """Return the SAs of both hosts, as swanctl shows them."""
    return "\n".join(host.check_output("swanctl --list-sas") for host in hosts.values())


def ike_ids(host: Host, connection: str) -> set[str]:
    """Return the numbers of the IKE SAs of a connection."""
    listed = host.check_output("swanctl --list-sas --ike %s", connection)
    return {
        line.split("#")[1].split(",")[0]
        for line in listed.splitlines()
        if line.startswith(f"{connection}: #")
    }


def test_proposals(
    engine: Engine, topology: Topology, scenario: Path, hosts: dict[str, Host]
) -> None:
    assert "AES_CBC-128" in sas(hosts)
    with watched(engine, topology) as watch:
        played = change(scenario, "proposals.yml", new_proposals=PROPOSALS)
    assert_lost_as_forecast(watch, connections(played))
    assert sas(hosts).count("ESP:AES_GCM_16-256") == 4  # two children on two hosts
    assert "ESP:AES_CBC-128" not in sas(hosts)


def test_psk(engine: Engine, topology: Topology, scenario: Path, hosts: dict[str, Host]) -> None:
    before = ike_ids(hosts["moon"], "psk")
    with watched(engine, topology) as watch:
        change(scenario, "psk.yml", changed="psk", new_psk=PSK)
    assert_lost_as_forecast(watch, [{"disruption": "none"}])  # no connection changes
    assert len(before) == 1
    assert len(ike_ids(hosts["moon"], "psk")) == 1
    assert not before & ike_ids(hosts["moon"], "psk")


def test_certificate(
    engine: Engine, topology: Topology, scenario: Path, hosts: dict[str, Host]
) -> None:
    before = ike_ids(hosts["moon"], "certificate")
    with watched(engine, topology) as watch:
        played = change(
            scenario,
            "certificate.yml",
            changed="certificate",
            new_certificate=CERTIFICATE,
        )
    assert_lost_as_forecast(watch, connections(played))
    assert len(before) == 1
    assert len(ike_ids(hosts["moon"], "certificate")) == 1
    assert not before & ike_ids(hosts["moon"], "certificate")
    for host in hosts.values():
        held = host.check_output("ls /etc/swanctl/x509 /etc/swanctl/private")
        assert "-2.pem" in held
        assert "-1.pem" not in held


def test_nothing_is_left_to_do_for_the_role(scenario: Path, topology: Topology) -> None:
    new = {"esp_proposals": PROPOSALS, "psk": PSK, "certificate": CERTIFICATE}
    played = play(scenario, "--check", f"--extra-vars={json.dumps(new)}")
    assert played.hosts == tuple(sorted(gateway.name for gateway in topology.gateways))
    assert played.changed == ()
