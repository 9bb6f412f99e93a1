# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gateway and the clients of this scenario, as its inventory describes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from proof.backend import host_of
from proof.charon import virtual_addresses, wait_for
from proof.engine import Engine
from proof.fixtures import engine, scenario, watch
from proof.numbered import between, client, gateway
from proof.playbook import play
from proof.topology import Topology
from proof.watch import Watch, watched
from testinfra.host import Host

__all__ = ["engine", "hosts", "kind", "scenario", "topologies", "watch", "watching"]

NAME = "roadwarrior"
CLIENTS = {"alice": 2, "bob": 3}
NAT = "192.0.2.14"


@pytest.fixture(scope="session")
def hosts(engine: Engine) -> dict[str, Host]:
    """Return testinfra's hosts by their names, the gateway's first."""
    return {name: host_of(engine.node(f"molecule-{NAME}-{name}")) for name in ("gw", *CLIENTS)}


@pytest.fixture(scope="module", params=["vti", "xfrm"])
def kind(request: pytest.FixtureRequest, scenario: Path, hosts: dict[str, Host]) -> str:
    """Return the kind of device that all hosts use; both clients are up."""
    kind = str(request.param)
    if kind != "vti":  # which is what they have been converged with
        end_all(hosts)
        play(scenario, f"--extra-vars=device_kind={kind}")
    end_all(hosts)  # what the hosts have begun while the role was played, in whatever order
    for name in CLIENTS:
        hosts[name].check_output("swanctl --initiate --child net --timeout 20")
    return kind


def end_all(hosts: dict[str, Host]) -> None:
    """Bring both clients down, on both ends."""

    def none() -> bool:
        for name in CLIENTS:
            hosts[name].run("swanctl --terminate --ike gw --timeout 10")
        return not any(host.check_output("swanctl --list-sas") for host in hosts.values())

    wait_for("no SA", none)


@pytest.fixture(scope="module")
def topologies(kind: str, hosts: dict[str, Host]) -> tuple[Topology, ...]:
    """Return each client with its gateway, and what is between them."""
    given = virtual_addresses(hosts["gw"])
    home = f"molecule-{NAME}-home"
    gw = gateway(NAME, 1, "gw", f"{kind}-rw")
    found = []
    for name, number in CLIENTS.items():
        addresses = tuple(sorted(given[f"{name}.example"]))
        seen = client(NAME, number, name, f"{kind}-gw", addresses)
        hidden = replace(seen, underlay=f"192.168.7.{10 + number}", hidden_behind=NAT)
        found.append(replace(between(NAME, hidden, gw), behind_nat=home))
    return tuple(found)


@pytest.fixture(scope="module")
def watching(engine: Engine, topologies: tuple[Topology, ...]) -> Iterator[Watch]:
    """Pings of both clients and captures that run until the next kind of device has its turn."""
    with watched(engine, *topologies) as seen:
        yield seen
    assert seen.leaked() == []
