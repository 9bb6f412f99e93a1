# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A node whose underlay systemd-networkd manages, with udev, as on a usual host."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.ipsec.strongswan.tests.support import leak, shell

UDEV = ("systemd-udevd.service", "systemd-udevd-control.socket", "systemd-udevd-kernel.socket")
NETWORKD = ("systemd-networkd.service", "systemd-networkd.socket")
WAIT_ONLINE = (
    "/usr/lib/systemd/systemd-networkd-wait-online --interface=eth0:routable --timeout=120"
)
SETTINGS = Path("/etc/systemd/networkd.conf.d/ipsec-strongswan.conf")
NETWORK = f"""\
[Match]
Name=eth0
[Network]
Address=192.0.2.1/24
Address=fd00:2::1/64
Gateway={leak.ROUTER[4]}
Gateway={leak.ROUTER[6]}
IPv6AcceptRA=no
[Neighbor]
Address={leak.ROUTER[4]}
LinkLayerAddress={leak.ROUTER_MAC}
[Neighbor]
Address={leak.ROUTER[6]}
LinkLayerAddress={leak.ROUTER_MAC}
"""
LEAVE_ALONE = """\
[Network]
ManageForeignRoutes=no
ManageForeignRoutingPolicyRules=no
"""


@pytest.fixture(scope="session", autouse=True)
def udev() -> None:
    """Start udev: networkd waits for it to know a link."""
    shell.run(f"systemctl unmask {' '.join(UDEV + NETWORKD)}")
    path = Path("/etc/systemd/network/10-eth0.network")
    path.parent.mkdir(exist_ok=True)
    path.write_text(NETWORK)
    SETTINGS.parent.mkdir(exist_ok=True)
    shell.run("systemctl start systemd-udevd.service")
    shell.ip_batch("link set lo up", "link add eth0 type veth peer name eth1", "link set eth1 up")


@pytest.fixture(params=["left alone", "managed"])
def settings(request: pytest.FixtureRequest) -> t.Iterator[str]:
    """Let networkd leave foreign routes and rules alone, or not; start it."""
    SETTINGS.write_text(LEAVE_ALONE if request.param == "left alone" else "")
    restart()
    yield request.param
    shell.run("systemctl stop systemd-networkd.socket systemd-networkd.service")


def restart() -> None:
    """Restart networkd, and wait until it has configured the underlay."""
    shell.run("udevadm trigger --subsystem-match=net --action=add --settle")
    shell.run("systemctl restart systemd-networkd.service")
    shell.run(WAIT_ONLINE)


def reconfigure() -> None:
    """Let networkd configure the underlay anew, as after a changed file."""
    shell.run("networkctl reload")
    shell.run("networkctl reconfigure eth0")
    shell.run(WAIT_ONLINE)


def flap() -> None:
    """Let the underlay go down and come back."""
    shell.run("ip link set eth1 down")
    shell.run("ip link set eth1 up")
    shell.run(WAIT_ONLINE)
