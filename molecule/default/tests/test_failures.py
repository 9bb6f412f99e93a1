# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What breaks the tunnel fails the same proof, and lets no packet out in the clear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from proof.engine import Engine
from proof.playbook import play
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.verdict import Proof
from testinfra.host import Host

WRONG = {
    "strongswan_vti_secrets": [
        {
            "name": "site",
            "type": "ike",
            "ids": ["moon.example", "sun.example"],
            "secret": "not the one that the other host has",
        }
    ]
}


def assert_not_proven(proof: Proof) -> None:
    """Nothing got through, and nothing got around."""
    totals = proof.totals()
    assert not proof.proven
    assert totals["ping_sent"] > 0
    assert totals["ping_received"] == 0
    assert totals["esp_in"] == 0
    assert totals["inner_on_underlay"] == 0


def end_sas(hosts: dict[str, Host]) -> None:
    """End every IKE SA without waiting for the peer; a host that has none has nothing to do."""
    for name, peer in (("moon", "sun"), ("sun", "moon")):
        hosts[name].run("swanctl --terminate --ike %s --force --timeout 5", peer)


@pytest.fixture
def wrong_psk(
    engine: Engine, topology: Topology, scenario: Path, hosts: dict[str, Host]
) -> Iterator[None]:
    """Give one host another PSK, by the role, and the right one again."""
    play(scenario, "--limit=sun", "--tags=secrets", f"--extra-vars={json.dumps(WRONG)}")
    end_sas(hosts)
    yield
    play(scenario, "--limit=sun", "--tags=secrets")
    end_sas(hosts)
    assert bring_up(engine, topology)


@pytest.fixture
def stopped_daemon(engine: Engine, topology: Topology, hosts: dict[str, Host]) -> Iterator[None]:
    """Stop the daemon of one host, and start it again."""
    hosts["sun"].check_output("systemctl stop strongswan.service")
    yield
    hosts["sun"].check_output("systemctl start strongswan.service")
    assert bring_up(engine, topology)


@pytest.mark.usefixtures("wrong_psk")
def test_wrong_psk(engine: Engine, topology: Topology, hosts: dict[str, Host]) -> None:
    assert_not_proven(prove(engine, topology))
    for host in hosts.values():
        assert "INSTALLED" not in host.check_output("swanctl --list-sas")


@pytest.mark.usefixtures("stopped_daemon")
def test_stopped_daemon(engine: Engine, topology: Topology, hosts: dict[str, Host]) -> None:
    assert_not_proven(prove(engine, topology))
    assert "INSTALLED" not in hosts["moon"].check_output("swanctl --list-sas")
