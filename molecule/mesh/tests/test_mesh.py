# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three hosts in a mesh: one leaves and comes back, and what the others have between them lives on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from proof.charon import Live, ike_sas, live, loaded_secrets
from proof.engine import Engine
from proof.playbook import Played, play
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.watch import Watch
from testinfra.host import Host

PEERS = {"moon": "sun", "sun": "moon"}  # the hosts that stay
# What the run that takes a host into the site changes on each of the others; out of it, one more.
CHANGES = [
    "Hold the tunnel devices in the kernel",
    "Hold the routes through the tunnel devices",
    "Hold the secrets in swanctl's files and in the daemon",
    "Hold the connections in swanctl's files and in the daemon",
]
ENDS = "End the SAs of the connections that are gone"
# Where a name would stand that somebody still has: what runs, what persists, what charon reads.
FILES = "/etc/swanctl /etc/ipsec.strongswan"


def sas(hosts: dict[str, Host]) -> dict[str, Live]:
    """Return the SAs between the two that stay, by host."""
    return {name: live(hosts[name], peer) for name, peer in PEERS.items()}


def lives_on(before: dict[str, Live], after: dict[str, Live]) -> bool:
    """Whether they are the same SAs, each of them older by now."""
    return all(
        after[name].ids == one.ids
        and after[name].spis == one.spis
        and all(old < new for old, new in zip(one.ages, after[name].ages, strict=True))
        for name, one in before.items()
    )


def undisturbed(
    watch: Watch, hosts: dict[str, Host], what: str, run: Callable[[], Played]
) -> Played:
    """Do something to the site; between the two that stay no ping is lost, and no SA made anew."""
    played: list[Played] = []
    before = sas(hosts)
    assert all(len(one.ids) == len(one.spis) == len(one.ages) == 2 for one in before.values())
    lost = watch.lost_by(what, lambda: played.append(run()))
    assert lost == dict.fromkeys(lost, 0)
    assert len(lost) == 2  # IPv4, IPv6
    after = sas(hosts)
    watch.told.append(f"ages in seconds: {before['moon'].ages}, then {after['moon'].ages}")
    assert lives_on(before, after), (before, after)
    return played[0]


def test_each_two_have_a_tunnel(engine: Engine, pairs: list[Topology]) -> None:
    assert len(pairs) == 3
    for pair in pairs:
        assert bring_up(engine, pair), f"no ping got through: {pair}"
        assert prove(engine, pair).failures() == []


def test_a_host_leaves(watch: Watch, scenario: Path, hosts: dict[str, Host]) -> None:
    without = ("--limit=!venus", f"--extra-vars={json.dumps({'left': ['venus']})}")
    played = undisturbed(watch, hosts, "venus leaves", lambda: play(scenario, *without))
    assert played.hosts == tuple(sorted(PEERS))
    for name, host in hosts.items():
        assert _changed(played, name) == [*CHANGES, ENDS]
        assert "vpn-venus" not in host.check_output("ip link show")
        for target in ("10.3.0.2", "fd00:3::2"):
            assert host.run("ip route get %s", target).rc != 0  # the guard
        assert "venus" not in host.check_output("swanctl --list-conns")
        assert set(ike_sas(host).values()) == {PEERS[name]}
        assert "venus" not in loaded_secrets(host)
        assert host.run(f"grep -rl venus {FILES}").stdout == ""
    assert play(scenario, "--check", *without).changed == ()


def test_it_comes_back(
    engine: Engine, watch: Watch, scenario: Path, hosts: dict[str, Host], pairs: list[Topology]
) -> None:
    played = undisturbed(watch, hosts, "venus comes back", lambda: play(scenario))
    for name in PEERS:
        assert _changed(played, name) == CHANGES
    assert _changed(played, "venus") == []  # it has all that it had
    for pair in pairs:
        assert bring_up(engine, pair), f"no ping got through: {pair}"
        assert prove(engine, pair).failures() == []


def _changed(played: Played, host: str) -> list[str]:
    return [task.split(" : ")[-1] for name, task in played.changed if name == host]
