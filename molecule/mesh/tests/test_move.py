# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From VTI to XFRM interfaces, host by host, by examples/change/kind.yml: what the peers see of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from proof.engine import Engine
from proof.playbook import Played, play
from proof.run import bring_up, prove
from proof.topology import Topology
from proof.watch import INTERVAL, Watch
from testinfra.host import Host

KIND = Path(__file__).resolve().parents[3] / "examples/change/kind.yml"
XFRM = "--extra-vars=tunnel_kind=xfrm"
# Between the two, nothing gets through.
GONE, BACK = "Hold the tunnel devices in the kernel", "Have the SAs follow"
SLACK = 0.5  # seconds: the last reply before, the first one after


def kinds(host: Host) -> set[str]:
    """Return the kinds of a host's tunnel devices."""
    listed = host.check_output("ip -d -o link show").splitlines()
    return {
        "xfrm" if " xfrm if_id " in line else "vti" if " vti remote " in line else line
        for line in listed
        if ": vpn-" in line
    }


@pytest.mark.parametrize(
    ("mover", "before", "after"),
    [
        ("moon", {"moon": "vti", "sun": "vti"}, {"moon": "xfrm", "sun": "vti"}),
        ("sun", {"moon": "xfrm", "sun": "vti"}, {"moon": "xfrm", "sun": "xfrm"}),
    ],
)
def test_a_host_moves_and_its_peers_do_not(
    engine: Engine,
    watch: Watch,
    scenario: Path,
    hosts: dict[str, Host],
    pairs: list[Topology],
    mover: str,
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    assert {name: kinds(host) for name, host in hosts.items()} == _sets(before)
    played: list[Played] = []
    lost = watch.lost_by(
        f"{mover} moves",
        lambda: played.append(play(scenario, f"--limit={mover}", XFRM, playbook=str(KIND))),
    )
    gap = played[0].seconds(GONE, BACK)
    watch.told.append(f"{gap:.1f} s from the devices' exchange until the SAs are in force")
    assert all(number * INTERVAL <= gap + SLACK for number in lost.values()), lost
    assert {name: kinds(host) for name, host in hosts.items()} == _sets(after)
    for pair in pairs:  # venus has VTIs all the while
        assert bring_up(engine, pair), f"no ping got through: {pair}"
        assert prove(engine, pair).failures() == []


def test_nothing_is_left_to_do_for_the_role(scenario: Path, hosts: dict[str, Host]) -> None:
    assert play(scenario, "--check", XFRM, f"--limit={','.join(hosts)}").changed == ()


def _sets(kind_of: dict[str, str]) -> dict[str, set[str]]:
    return {name: {kind} for name, kind in kind_of.items()}
