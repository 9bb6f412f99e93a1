# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of examples/change while pings run: what is lost is what was forecast, nothing leaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
# What the tests change to, in their order; each goes on with what those before wrote, as it were,
# into the inventory.
PROPOSALS = {"esp_proposals": ["aes256gcm16-x25519"]}
PSK = {"psk": "another one that only the tests use"}
CERTIFICATE = {"certificate": "{{ inventory_hostname }}-2"}
# How many of ten requests a second may get lost, as docs/change.md says: by what is only loaded with
# the forecast none, and for each SA that is made before its former one ends.
LOADED = 0
MADE_BEFORE = 2

pytestmark = pytest.mark.usefixtures("tunnels")


@pytest.fixture(scope="module")
def tunnels(engine: Engine, topology: Topology) -> None:
    """Bring both tunnels up."""
    assert bring_up(engine, topology), "no ping got through the tunnels"


@pytest.fixture
def watch(engine: Engine, topology: Topology) -> Iterator[Watch]:
    """Pings while a test runs; at its end no packet was on the underlay in the clear."""
    with watched(engine, topology) as seen:
        yield seen
    assert seen.leaked() == []


class Change:
    """A playbook of examples/change that is played step by step while pings run."""

    def __init__(self, watch: Watch, scenario: Path, playbook: str, **variables: Any) -> None:
        self._watch = watch
        self._scenario = scenario
        self._playbook = playbook
        self._variables = json.dumps(variables)

    def load(self, step: int) -> None:
        """Play a step that loads something: the forecast is none, and nothing is lost."""
        played, lost = self._play(step)
        assert self._forecasts(played) <= {"none"}
        assert lost == dict.fromkeys(lost, LOADED)

    def force(self, step: int) -> None:
        """Play a step that brings it into force, on one host after the other."""
        played, lost = self._play(step)
        made = sum(
            action["action"] == "reestablish"
            for task in played.tasks
            for result in task.result.get("results", [task.result])
            for action in result.get("actions", [])
        )
        assert made > 0
        assert all(number <= made * MADE_BEFORE for number in lost.values()), lost

    def _play(self, step: int) -> tuple[Played, dict[str, int]]:
        before = self._watch.echoes()
        played = play(
            self._scenario,
            f"--tags=step_{step}",
            f"--extra-vars={self._variables}",
            playbook=str(CHANGE / self._playbook),
        )
        after = self._watch.echoes()
        lost = {address: after[address].lost - before[address].lost for address in after}
        sent = {address: after[address].sent - before[address].sent for address in after}
        print(f"{self._playbook}, step {step}: lost {lost} of {sent}")
        return played, lost

    @staticmethod
    def _forecasts(played: Played) -> set[str]:
        return {
            connection["disruption"]
            for task in played.tasks
            for connection in task.result.get("connections", [])
        }


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


def test_proposals(watch: Watch, scenario: Path, hosts: dict[str, Host]) -> None:
    assert sas(hosts).count("ESP:AES_CBC-128") == 4  # two children on two hosts
    change = Change(watch, scenario, "proposals.yml", new_proposals=PROPOSALS["esp_proposals"])
    change.load(1)
    change.force(2)
    assert sas(hosts).count("ESP:AES_GCM_16-256") == 4
    change.load(3)
    change.force(4)
    assert sas(hosts).count("ESP:AES_GCM_16-256") == 4
    assert "ESP:AES_CBC-128" not in sas(hosts)


def test_psk(watch: Watch, scenario: Path, hosts: dict[str, Host]) -> None:
    before = ike_ids(hosts["moon"], "psk")
    change = Change(watch, scenario, "psk.yml", changed="psk", new_psk=PSK["psk"], **PROPOSALS)
    change.load(1)
    change.load(2)
    change.force(3)
    after = ike_ids(hosts["moon"], "psk")
    assert (len(before), len(after), before & after) == (1, 1, set())
    change.load(4)


def test_certificate(watch: Watch, scenario: Path, hosts: dict[str, Host]) -> None:
    before = ike_ids(hosts["moon"], "certificate")
    change = Change(
        watch,
        scenario,
        "certificate.yml",
        changed="certificate",
        new_certificate=CERTIFICATE["certificate"],
        **PROPOSALS,
        **PSK,
    )
    change.load(1)
    change.load(2)
    change.force(3)
    after = ike_ids(hosts["moon"], "certificate")
    assert (len(before), len(after), before & after) == (1, 1, set())
    change.load(4)
    for host in hosts.values():
        held = host.check_output("ls /etc/swanctl/x509 /etc/swanctl/private")
        assert "-2.pem" in held
        assert "-1.pem" not in held


def test_all_is_in_force_and_nothing_is_left_to_do_for_the_role(
    scenario: Path, topology: Topology
) -> None:
    new = {**PROPOSALS, **PSK, **CERTIFICATE}
    played = play(scenario, "--check", f"--extra-vars={json.dumps(new)}")
    assert played.hosts == tuple(sorted(gateway.name for gateway in topology.gateways))
    assert played.changed == ()
    told = [one for task in played.tasks for one in task.result.get("connections", [])]
    assert [one["in_force"] for one in told] == [True] * 4  # two connections on two hosts
