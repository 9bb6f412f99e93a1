# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that boots: nothing in the clear from the first packet on, and the tunnel is back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from proof.capture import Capture
from proof.charon import wait_for
from proof.count import count_bridge
from proof.engine import Engine
from proof.packets import parse_packets
from proof.playbook import play
from proof.topology import Topology
from testinfra.host import Host

INNER = "10.99.0.1"  # sun's, on its device
UNITS = "ipsec-strongswan-guards.service ipsec-strongswan-devices.service strongswan.service"
TUNNELS = "/etc/ipsec.strongswan/default.tunnels"

# It sends to the other site as soon as there may be a network, and before there is a tunnel device.
SENDER = """
[Unit]
DefaultDependencies=no
After=network-pre.target
Before=ipsec-strongswan-devices.service
StartLimitIntervalSec=0
[Service]
ExecStart=/bin/ping -n -i 0.1 10.2.0.2
Restart=always
RestartSec=100ms
[Install]
WantedBy=sysinit.target
"""
# A new network namespace knows nothing of prepare's settings.
SYSCTLS = """
net.ipv4.ip_forward = 1
net.ipv6.conf.all.disable_ipv6 = 0
net.ipv6.conf.default.disable_ipv6 = 0
net.ipv6.conf.all.forwarding = 1
"""
WRITE = {
    "/etc/systemd/system/sender.service": SENDER,
    "/etc/sysctl.d/50-boot-test.conf": SYSCTLS,
}


@pytest.fixture
def sender(scenario: Path, hosts: dict[str, Host]) -> Iterator[Host]:
    """Return a host that sends through the tunnel from its boot on; build its site again after it."""
    moon = hosts["moon"]
    for path, text in WRITE.items():
        moon.check_output("printf %%s %s >%s", text, path)
    moon.check_output("systemctl enable sender.service")
    yield moon
    moon.check_output("systemctl disable --now sender.service")
    moon.check_output(f"rm {' '.join(WRITE)}")
    play(scenario, playbook="prepare.yml")


def answered(host: Host) -> bool:
    """Whether a ping through the tunnel is answered; before charon runs none is sent."""
    ping = host.run("systemctl is-active strongswan.service && ping -n -c 1 -W 1 %s", INNER)
    return bool(ping.rc == 0)


def test_boot_lets_nothing_out_in_the_clear(
    engine: Engine, topology: Topology, hosts: dict[str, Host], sender: Host
) -> None:
    moon, sun = topology.gateways
    pings = "ping -n -i 0.1 10.99.0.0"
    bridge = engine.bridge_of(topology.network)
    hosts["sun"].check_output(f"systemd-run --quiet --collect --unit=peer-pings {pings}")
    with (
        engine.watcher(f"{topology.network}-watcher", like=engine.node(sun.container)) as watcher,
        Capture(watcher, bridge, topology.capture_filter()) as capture,
    ):
        capture.wait_until_listening()
        engine.restart(moon.container)
        wait_for("the tunnel after the boot", lambda: answered(sender), timeout=90)
        assert sender.check_output(f"systemctl is-active {UNITS}").split() == ["active"] * 3
        packets = parse_packets(capture.stop())
    hosts["sun"].check_output("systemctl stop peer-pings.service")
    seen = count_bridge(packets, topology)
    assert all(seen.esp_from.values()), seen
    assert seen.inner_on_underlay == 0, capture.lines


def test_failed_boot_unit_keeps_charon_from_starting(hosts: dict[str, Host]) -> None:
    moon = hosts["moon"]
    moon.check_output("cp %s /tmp/kept", TUNNELS)
    moon.check_output(f"systemctl stop {UNITS}")
    moon.check_output("echo link add name wrong type nonsense >>%s", TUNNELS)
    assert moon.run("systemctl start strongswan.service").rc != 0
    assert moon.run(f"systemctl is-active {UNITS}").stdout.split() == [
        "active",
        "failed",
        "inactive",
    ]
    moon.check_output("mv /tmp/kept %s", TUNNELS)
    moon.check_output("systemctl start strongswan.service")
    assert moon.check_output(f"systemctl is-active {UNITS}").split() == ["active"] * 3
