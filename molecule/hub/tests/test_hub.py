# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic between two branches moves to the second hub when the first one dies, and back when it lives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from proof.charon import wait_for_children
from proof.engine import Engine, Node
from proof.playbook import play
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.watch import INTERVAL, watched
from testinfra.host import Host

By = Callable[[str], Topology]

BOTH = {"berlin", "paris"}
# What a branch needs beside the DPD time: to end the SA, to call the hook, to get a packet around.
SLACK = 3.0  # seconds


def wait_for_sas(branches: dict[str, Host], hubs: set[str]) -> None:
    """Wait until each branch has an SA with each of these hubs, and with no other."""
    for host in branches.values():
        wait_for_children(host, hubs, timeout=60)


def test_traffic_goes_by_the_first_hub(engine: Engine, branches: dict[str, Host], by: By) -> None:
    wait_for_sas(branches, BOTH)
    assert bring_up(engine, by("berlin")), "no ping got through the first hub"
    assert prove(engine, by("berlin")).failures() == []


def test_traffic_moves_within_the_dpd_time_when_the_hub_is_killed(
    engine: Engine, nodes: dict[str, Node], branches: dict[str, Host], by: By, dpd_time: float
) -> None:
    with watched(engine, by("paris")) as watch:
        before = watch.echoes()
        assert [one.lost for one in before.values()] == [0, 0]  # IPv4, IPv6
        nodes["berlin"].kill()
        after = watch.echoes()
    lost = {address: echoes.lost for address, echoes in after.items()}
    print(f"lost {lost} requests, one each {INTERVAL} s; the DPD time is {dpd_time} s")
    assert all(0 < number <= (dpd_time + SLACK) / INTERVAL for number in lost.values()), lost
    assert [one.longest_gap for one in after.values()] == list(lost.values())  # one outage
    assert watch.leaked() == []
    wait_for_sas(branches, {"paris"})
    assert prove(engine, by("paris")).failures() == []


def test_a_run_while_the_hub_is_dead_changes_nothing(
    scenario: Path, branches: dict[str, Host]
) -> None:
    played = play(scenario, "--limit=!berlin")
    assert played.hosts == tuple(sorted({"paris", *branches}))
    assert played.changed == ()


def test_traffic_returns_to_the_hub_that_is_back(
    engine: Engine,
    scenario: Path,
    nodes: dict[str, Node],
    branches: dict[str, Host],
    by: By,
    dpd_time: float,
) -> None:
    def boot() -> None:
        nodes["berlin"].start()
        play(scenario, "--limit=berlin", playbook="prepare.yml")  # its network namespace is new
        wait_for_sas(branches, BOTH)

    with watched(engine, by("paris")) as watch:
        lost = watch.lost_by("the hub comes back", boot)
    print(watch.told)
    # A hub cannot reach a branch that has not come back to it: so long one waits for the other.
    assert all(number <= (dpd_time + SLACK) / INTERVAL for number in lost.values()), lost
    assert watch.leaked() == []
    assert bring_up(engine, by("berlin")), "no ping got through the hub that is back"
    assert prove(engine, by("berlin")).failures() == []


def test_a_run_on_a_hub_that_has_booted_changes_nothing(scenario: Path) -> None:
    played = play(scenario, "--limit=berlin")
    assert played.hosts == ("berlin",)
    assert played.changed == ()
