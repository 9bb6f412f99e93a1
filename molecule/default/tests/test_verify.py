# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry point verify: both hosts are healthy; what is wrong is told in a line each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from proof.playbook import PlaybookError, Played, play
from testinfra.host import Host

BREAK = """
ip link set vti-sun down
ip link add stray type vti local 192.0.2.11 remote 192.0.2.77 key 77
ip link set stray up alias ipsec.strongswan:default
ip route add 10.77.0.0/24 dev eth0 table 220
"""
REPAIR = """
ip link del stray
ip route flush table 220
"""
TOLD = (
    "moon is not healthy: ",
    "error: tunnel vti-sun: no ping to 10.2.0.2 could be sent",
    "error: tunnel vti-sun: a run of the role would change it",
    "error: route 10.77.0.0/24 in table 220: charon has made it",
    "warning: tunnel stray: a run of the role would remove it",
)


def verify(scenario: Path, *arguments: str) -> Played:
    """Play the entry point on the hosts, with a ping through each tunnel."""
    return play(scenario, *arguments, playbook="verify_role.yml")


@pytest.fixture
def broken(scenario: Path, hosts: dict[str, Host]) -> Iterator[None]:
    """Break several things on a host; a run of the role repairs what is its own."""
    hosts["moon"].check_output(BREAK)
    yield
    hosts["moon"].check_output(REPAIR)
    play(scenario, "--limit=moon", "--tags=tunnels,routes")


@pytest.mark.usefixtures("tunnel")
def test_both_hosts_are_healthy(scenario: Path) -> None:
    found = [
        (task.host, task.result["healthy"], task.result["summary"].splitlines())
        for task in verify(scenario).tasks
        if "healthy" in task.result
    ]
    well = ["healthy: 1 devices, 1 with SAs, 1 pinged through"]
    assert sorted(found) == [("moon", True, well), ("sun", True, well)]


@pytest.mark.usefixtures("tunnel", "broken")
def test_what_is_wrong_is_told(scenario: Path) -> None:
    with pytest.raises(PlaybookError) as refused:
        verify(scenario, "--limit=moon")
    assert [words for words in TOLD if words not in str(refused.value)] == []
