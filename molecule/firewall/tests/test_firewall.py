# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of moon's firewall is so: by packets, after a boot, and gone when it is no longer asked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from proof.capture import Capture
from proof.charon import wait_for, wait_for_no_sa
from proof.engine import Engine
from proof.playbook import PlaybookError, play
from proof.run import bring_up
from proof.topology import Gateway, Topology
from proof.verdict import Proof
from testinfra.host import Host

MTU = 1400  # of the tunnel devices; the sites' own is 1500
HEADERS = {4: 40, 6: 60}  # IP and TCP
PORT = 7777
OURS = 'comment "ipsec.strongswan:default"'
OPEN = [f"udp dport {port} accept {OURS}" for port in (500, 4500)]
OPEN.append(f"meta l4proto 50 accept {OURS}")
OFF = json.dumps({"strongswan_vti_firewall": "none", "strongswan_vti_mss_clamp": False})
SERVER = f"""
import socket
with socket.create_server(("::", {PORT}), family=socket.AF_INET6, dualstack_ipv6=True) as server:
    while True:
        server.accept()[0].close()
"""
CONNECT = f"""
import socket, sys, time
for left in range(30, -1, -1):
    try:
        socket.create_connection((sys.argv[1], {PORT}), 10).close()
        break
    except OSError:
        if not left:
            raise
        time.sleep(1)
"""
#   12:00:00.1 vti-sun Out IP 10.1.0.2.7777 > 10.2.0.2.40000: Flags [S.], ..., options [mss 1360,...
SYN = re.compile(r" (\S+)\s+(In|Out)\s+IP(6?) .* Flags \[(S\.?)\],.*\bmss (\d+)")


def ruleset(host: Host) -> str:
    """Return moon's ruleset."""
    return str(host.check_output("nft list ruleset"))


def rules_of_input(host: Host) -> list[str]:
    """Return the rules of the chain that drops what comes in, in their order."""
    listed = host.check_output("nft list chain inet filter input").splitlines()
    return [line.strip() for line in listed if "accept" in line]


def handle_of(host: Host, rule: str) -> str:
    """Return the number of a rule in that chain."""
    listed = host.check_output("nft --handle list chain inet filter input")
    found = re.search(rf"{re.escape(rule)} # handle (\d+)", listed)
    assert found, listed
    return found.group(1)


def is_open(host: Host) -> bool:
    """Whether what the role asked for is in moon's ruleset."""
    return rules_of_input(host)[:3] == OPEN and "maxseg" in ruleset(host)


def in_site(gateway: Gateway, *words: str) -> tuple[str, ...]:
    """Return a command as run by the host in the site behind a gateway."""
    assert gateway.namespace
    return ("ip", "netns", "exec", gateway.namespace, "python3", "-c", *words)


def boot(engine: Engine, topology: Topology, scenario: Path) -> None:
    """Boot moon, and build its site again."""
    engine.restart(topology.gateways[1].container)
    play(scenario, "--limit=moon", playbook="prepare.yml")


@pytest.fixture(scope="module")
def segments(engine: Engine, topology: Topology, tunnel: Proof) -> dict[tuple[str, ...], int]:
    """Connect from sun's site to moon's, in both families; return what moon sees of their MSS.

    By device, direction, family and flags.
    """
    assert tunnel.failures() == []
    sun, moon = topology.gateways
    node = engine.node(moon.container)
    unit = ("systemd-run", "--quiet", "--collect", "--unit=server")
    assert node.run(*unit, *in_site(moon, SERVER)).code == 0
    with Capture(node, "any", f"port {PORT}") as capture:
        capture.wait_until_listening()
        for address in moon.site:
            done = engine.node(sun.container).run(*in_site(sun, CONNECT, address))
            assert done.code == 0, done.stderr
        lines = capture.stop()
    node.run("systemctl", "stop", "server.service")
    seen = [found.groups() for line in lines if (found := SYN.search(line))]
    return {
        (device, way, family or "4", flags): int(mss) for device, way, family, flags, mss in seen
    }


@pytest.mark.parametrize("family", HEADERS)
def test_mss_of_both_directions_fits_into_the_tunnel(
    segments: dict[tuple[str, ...], int], family: int
) -> None:
    fits, too_large = MTU - HEADERS[family], 1500 - HEADERS[family]
    seen = {key[:2] + key[3:]: mss for key, mss in segments.items() if key[2] == str(family)}
    assert seen == {
        ("vti-sun", "In", "S"): too_large,  # as sun, which does not clamp, has sent it
        ("site0", "Out", "S"): fits,
        ("site0", "In", "S."): too_large,
        ("vti-sun", "Out", "S."): fits,
    }


def test_it_is_there_after_a_reload_of_the_ruleset(hosts: dict[str, Host]) -> None:
    moon = hosts["moon"]
    before = ruleset(moon)
    assert is_open(moon)
    for how in ("reload", "restart"):
        moon.check_output(f"systemctl {how} nftables.service")
        wait_for(f"the ruleset after a {how}", lambda: ruleset(moon) == before)


def test_it_is_there_after_a_boot(
    engine: Engine, topology: Topology, hosts: dict[str, Host], scenario: Path
) -> None:
    moon = hosts["moon"]
    boot(engine, topology, scenario)
    wait_for("the ruleset after the boot", lambda: is_open(moon), timeout=60)
    moon.check_output("systemctl is-active ipsec-strongswan-firewall.service")
    assert bring_up(engine, topology, timeout=60)


def test_verify_tells_what_is_not_in_force_and_a_run_repairs_it(
    hosts: dict[str, Host], scenario: Path
) -> None:
    moon = hosts["moon"]
    play(scenario, "--limit=moon", playbook="verify_role.yml")
    moon.check_output("nft delete rule inet filter input handle %s", handle_of(moon, OPEN[0]))
    with pytest.raises(PlaybookError, match=r"openings or clamping .* are not in force") as refused:
        play(scenario, "--limit=moon", playbook="verify_role.yml")
    assert "inet filter input" in str(refused.value)
    assert not is_open(moon)
    play(scenario, "--limit=moon", "--tags=firewall")
    assert is_open(moon)
    play(scenario, "--limit=moon", playbook="verify_role.yml")


def test_a_chain_that_is_not_there_is_named(scenario: Path, hosts: dict[str, Host]) -> None:
    before = ruleset(hosts["moon"])
    wrong = json.dumps({"strongswan_vti_firewall_chains": ["inet filter nosuch"]})
    with pytest.raises(
        PlaybookError, match=r"is no chain of nftables on this host: inet filter nosuch\."
    ):
        play(scenario, "--limit=moon", "--extra-vars", wrong)
    assert ruleset(hosts["moon"]) == before


@pytest.fixture(scope="module")
def closed(scenario: Path, hosts: dict[str, Host]) -> Host:
    """Ask for nothing any more, in check mode at first; return moon."""
    moon = hosts["moon"]
    before = ruleset(moon)
    would = play(scenario, "--limit=moon", "--check", "--extra-vars", OFF).changed
    assert ruleset(moon) == before
    assert would == play(scenario, "--limit=moon", "--extra-vars", OFF).changed
    return moon


def test_what_is_no_longer_asked_for_is_gone(closed: Host) -> None:
    assert len(rules_of_input(closed)) == 3
    assert "strongswan" not in ruleset(closed)


def test_without_the_opening_the_tunnel_does_not_come_up(
    engine: Engine, topology: Topology, hosts: dict[str, Host], closed: Host, scenario: Path
) -> None:
    boot(engine, topology, scenario)  # also because moon's conntrack knows sun's IKE
    wait_for_no_sa([hosts["sun"]])
    wait_for("charon", lambda: closed.run("systemctl is-active strongswan.service").rc == 0, 60)
    assert not bring_up(engine, topology, timeout=15)
    assert "strongswan" not in ruleset(closed)
