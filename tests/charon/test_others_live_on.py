# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Twenty tunnels are up; when one of them is repaired or changed, the SAs of the others live on."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

import pytest

from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import charon
from ansible_collections.ipsec.strongswan.tests.charon.pair import Host, Pair, wait_until
from ansible_collections.ipsec.strongswan.tests.support.modules import changed, unchanged

MODULE = "strongswan_conn"
UP = 20
ALL = 1000
ONE = "up7"

Options = dict[str, t.Any]


@dataclass(frozen=True)
class Sa:
    """An IKE SA with its child: what makes them these and no others, and how old they are."""

    ids: tuple[str, ...]
    ages: tuple[int, ...]

    def lives_on_in(self, later: Sa) -> bool:
        """Return whether the later one is the same, grown older."""
        older = all(new >= old for old, new in zip(self.ages, later.ages, strict=True))
        return self.ids == later.ids and older


def sas(host: Host) -> dict[str, Sa]:
    """Return the SAs of a host by connection, each of which has one child."""
    found: dict[str, Sa] = {}
    for ike in host.sas():
        (child,) = ike["child-sas"].values()
        found[ike["name"]] = Sa(
            (
                *(ike[name] for name in ("uniqueid", "initiator-spi", "responder-spi")),
                *(child[name] for name in ("uniqueid", "reqid", "spi-in", "spi-out")),
            ),
            (int(ike["established"]), int(child["install-time"])),
        )
    return found


def tunnels(pair: Pair, host: Host, action: str = "none") -> list[Options]:
    """Return the connections of a host that will be up; only the node begins."""
    other = pair.other(host)
    networks = {pair.node.name: "10.50", pair.peer.name: "10.60"}
    ids = {pair.node.name: "node{}", pair.peer.name: "peer"}
    return [
        {
            "name": f"up{number}",
            "local_addrs": [host.address],
            "remote_addrs": [other.address],
            "local": [{"auth": "psk", "id": ids[host.name].format(number)}],
            "remote": [{"auth": "psk", "id": ids[other.name].format(number)}],
            "children": [
                {
                    "name": f"up{number}",
                    "local_ts": [f"{networks[host.name]}.{number}.0/24"],
                    "remote_ts": [f"{networks[other.name]}.{number}.0/24"],
                    "start_action": action if host is pair.node else "none",
                }
            ],
        }
        for number in range(UP)
    ]


def others(number: int) -> list[Options]:
    """Return so many connections without an SA."""
    return [
        {
            "name": f"down{n}",
            "remote_addrs": [f"198.18.{n // 250}.{n % 250 + 1}"],
            "children": [{"name": f"down{n}"}],
        }
        for n in range(number)
    ]


def bring_up(pair: Pair, action: str, more: t.Sequence[Options] = ()) -> list[Options]:
    """Give both hosts all connections, and wait until the tunnels are up; return the node's."""
    for host in (pair.peer, pair.node):
        with host.client() as vici:  # a secret for everybody
            charon.load_secret(vici, "pair", {"type": "ike", "data": pair.secret["data"]})
    changed(MODULE, connections=tunnels(pair, pair.peer), **pair.peer.options)
    listed = [*tunnels(pair, pair.node, action), *more]
    changed(MODULE, connections=listed, **pair.node.options)
    if action != "start":
        with pair.node.client() as vici:
            for number in range(UP):
                list(charon.initiate(vici, f"up{number}", f"up{number}", 20))
    for host in pair.hosts:
        wait_until(lambda host=host: up(host) == UP, f"{host.name}: not all come up", 60)  # type: ignore[misc]
    return listed


def up(host: Host) -> int:
    """Return how many tunnels are up."""
    return sum(child["state"] == "INSTALLED" for child in host.children())


def replaced(before: dict[str, Sa], after: dict[str, Sa]) -> set[str]:
    """Return the connections whose SAs do not live on."""
    return {
        name for name, sa in before.items() if name not in after or not sa.lives_on_in(after[name])
    }


def wait_for_change(pair: Pair, before: list[dict[str, Sa]], gone: set[str]) -> None:
    """Wait until all are up on both hosts, and the SAs of these and no others are new ones."""

    def has_come() -> bool:
        return all(
            up(host) == UP and replaced(old, sas(host)) == gone
            for host, old in zip(pair.hosts, before, strict=True)
        )

    wait_until(has_come, f"not just the SAs of {gone or 'none'} are new ones", 20)


@pytest.mark.parametrize("action", ["none", "trap", "start"])
def test_one_that_the_daemon_lacks_is_repaired(pair: Pair, action: str) -> None:
    listed = bring_up(pair, action)
    before = [sas(host) for host in pair.hosts]
    with pair.node.client() as vici:
        charon.unload_connection(vici, ONE)
    (action_done,) = changed(MODULE, connections=listed, **pair.node.options)["actions"]
    assert (action_done["action"], action_done["object"]) == ("load", f"connection {ONE}")
    assert action_done["reason"].startswith("not loaded in the daemon")
    # charon itself ends the SA of what is unloaded where start_action is start, and makes another.
    wait_for_change(pair, before, {ONE} if action == "start" else set())
    unchanged(MODULE, connections=listed, **pair.node.options)


def test_one_of_a_thousand_is_changed(pair: Pair) -> None:
    listed = bring_up(pair, "start", others(ALL - UP))
    assert len(listed) == ALL
    before = [sas(host) for host in pair.hosts]
    (one,) = (entry for entry in listed if entry["name"] == ONE)
    one["dpd_delay"] = "50s"
    result = changed(MODULE, connections=listed, **pair.node.options)
    assert [action["object"] for action in result["actions"]] == [f"connection {ONE}"]
    told = {entry["name"]: entry["disruption"] for entry in result["connections"]}
    assert {name for name, level in told.items() if level != "none"} == {ONE}
    wait_for_change(pair, before, {ONE})
