# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of sun's firewalld is so: by packets, after a boot, and gone when it is no longer asked.

moon begins here, so that sun has to let it in. What is asked of sun's is tested before moon's is closed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from proof.charon import wait_for, wait_for_no_sa
from proof.engine import Engine
from proof.playbook import PlaybookError, play
from proof.run import bring_up, prove
from proof.topology import Topology
from testinfra.host import Host

KINDS = ("", "--permanent")  # of firewalld's configuration: in force, and at its next start
OFF = json.dumps({"strongswan_vti_firewall": "none"})
TABLE = "inet strongswan_vti_default"


@pytest.fixture(scope="module")
def from_moon(topology: Topology) -> Topology:
    """Return the same hosts; moon begins."""
    sun, moon = topology.gateways
    return replace(topology, gateways=(moon, sun))


@pytest.fixture(scope="module")
def sun(hosts: dict[str, Host]) -> Host:
    """Return the host with firewalld."""
    return hosts["sun"]


def opened(host: Host, zone: str = "public") -> list[bool]:
    """Whether IKE and ESP may come in by a zone: now, and after the next start of firewalld."""
    query = f"firewall-cmd %s --zone={zone} --query-service=ipsec"
    return [host.run(query % kind).rc == 0 for kind in KINDS]


def boot(engine: Engine, topology: Topology, scenario: Path, hosts: dict[str, Host]) -> None:
    """Boot sun, which then knows neither an SA nor a packet of moon's; build its site again.

    moon, which is closed, would not hear of it that its SA ends.
    """
    hosts["moon"].run("swanctl --terminate --ike sun --force --timeout 5")
    wait_for_no_sa([hosts["moon"]])
    engine.restart(topology.gateways[1].container)
    play(scenario, "--limit=sun", playbook="prepare.yml")
    both = "systemctl is-active firewalld && systemctl is-active strongswan"
    wait_for("firewalld and charon on sun", lambda: hosts["sun"].run(both).rc == 0, timeout=60)


def test_the_default_zone_is_open(sun: Host) -> None:
    assert opened(sun) == [True, True]
    assert opened(sun, "trusted") == [False, False]


def test_moon_gets_in_after_a_boot(
    engine: Engine, from_moon: Topology, hosts: dict[str, Host], scenario: Path
) -> None:
    boot(engine, from_moon, scenario, hosts)
    assert bring_up(engine, from_moon, timeout=60)
    assert prove(engine, from_moon).failures() == []


def test_opening_and_clamping_outlive_what_firewalld_does(sun: Host, scenario: Path) -> None:
    clamp = json.dumps({"strongswan_vti_mss_clamp": True})
    play(scenario, "--limit=sun", "--tags=firewall", "--extra-vars", clamp)
    table = sun.check_output(f"nft list table {TABLE}")
    for how in (
        "firewall-cmd --reload",
        "firewall-cmd --complete-reload",
        "systemctl restart firewalld",
    ):
        sun.check_output(how)
        assert opened(sun) == [True, True], how
        assert sun.check_output(f"nft list table {TABLE}") == table, how
    play(scenario, "--limit=sun", "--tags=firewall")
    assert sun.run(f"nft list table {TABLE}").rc != 0


def test_verify_tells_that_it_is_closed_and_a_run_repairs_it(sun: Host, scenario: Path) -> None:
    play(scenario, "--limit=sun", playbook="verify_role.yml")
    sun.check_output("firewall-cmd --zone=public --remove-service=ipsec")
    with pytest.raises(PlaybookError, match=r"are not in force") as refused:
        play(scenario, "--limit=sun", playbook="verify_role.yml")
    assert "firewall-cmd --zone=public --add-service=ipsec" in str(refused.value)
    assert "firewall-cmd --permanent" not in str(refused.value)
    play(scenario, "--limit=sun", "--tags=firewall")
    assert opened(sun) == [True, True]


def test_a_zone_that_is_not_there_is_named(sun: Host, scenario: Path) -> None:
    wrong = json.dumps({"strongswan_vti_firewall_zone": "nosuch"})
    with pytest.raises(PlaybookError, match=r"_zone is nosuch, which is no zone .* public "):
        play(scenario, "--limit=sun", "--extra-vars", wrong)
    assert opened(sun) == [True, True]


def test_a_firewalld_that_does_not_run_is_told(sun: Host, scenario: Path) -> None:
    sun.check_output("systemctl stop firewalld")
    with pytest.raises(PlaybookError, match=r"firewalld, which does not run"):
        play(scenario, "--limit=sun")
    sun.check_output("systemctl start firewalld")
    assert opened(sun) == [True, True]


def test_another_zone_takes_its_place(sun: Host, scenario: Path) -> None:
    other = json.dumps({"strongswan_vti_firewall_zone": "external"})
    play(scenario, "--limit=sun", "--extra-vars", other)
    assert opened(sun) == [False, False]
    assert opened(sun, "external") == [True, True]


@pytest.fixture(scope="module")
def closed(sun: Host, scenario: Path) -> Host:
    """Ask for nothing any more, in check mode at first; return sun."""
    would = play(scenario, "--limit=sun", "--check", "--extra-vars", OFF).changed
    assert opened(sun, "external") == [True, True]
    assert would == play(scenario, "--limit=sun", "--extra-vars", OFF).changed
    return sun


def test_what_is_no_longer_asked_for_is_closed(closed: Host) -> None:
    assert opened(closed, "external") == [False, False]


def test_without_the_opening_moon_does_not_get_in(
    engine: Engine, from_moon: Topology, hosts: dict[str, Host], closed: Host, scenario: Path
) -> None:
    boot(engine, from_moon, scenario, hosts)
    assert not bring_up(engine, from_moon, timeout=15)
    assert opened(closed) == [False, False]
