# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mode follow: static devices, two tunnels to the gateway, and traffic that moves to the one that is up."""

from __future__ import annotations

import contextlib

import pytest

from ansible_collections.ipsec.strongswan.tests.charon.pair import wait_until
from ansible_collections.ipsec.strongswan.tests.updown.host import Node, settle
from ansible_collections.ipsec.strongswan.tests.updown.row import Row

ABOUT = "client"
COLUMNS = ("ours",)
SECOND = "10.77.9.4"  # the gateway's other address
ENDS = {  # device, key, metric of the client and the gateway, by connection
    "first": ("vti2", "2", "vti42", "42", "10", "10.77.9.2"),
    "second": ("vti3", "3", "vti43", "43", "20", SECOND),
}


def _tunnels(row: Row) -> None:
    """Make the devices, addresses and routes, as vti_tunnel and vti_route would."""
    row.gateway.ip(f"addr add {SECOND}/24 dev eth0")
    row.client.ip("addr add 10.3.0.1/32 dev lo", "addr add fd33::1/128 dev lo")
    for own, key, their, their_key, metric, address in ENDS.values():
        for node, name, number, local, remote, networks in (
            (row.client, own, key, "10.77.1.2", address, ("10.2.0.0/24", "fd02::/64")),
            (row.gateway, their, their_key, address, "10.77.1.2", ("10.3.0.1/32", "fd33::1/128")),
        ):
            node.ip(
                f"link add {name} type vti local {local} remote {remote} key {number}",
                f"link set {name} up",
                *(f"route add {one} dev {name} metric {metric} proto 157" for one in networks),
            )


def _connect(row: Row, arguments: str) -> None:
    row.start(row.gateway, row.client)
    for name, (own, key, their, their_key, _metric, address) in ENDS.items():
        for node, device, number in ((row.gateway, their, their_key), (row.client, own, key)):
            row.arguments[node.name] = f"--mode follow --device {device} --routes none {arguments}"
            networks = (["10.2.0.0/24", "fd02::/64"], ["10.3.0.0/24", "fd33::/64"])
            local, remote = networks if node is row.gateway else networks[::-1]
            child = row.child(
                node, mark_in=number, mark_out=number, local_ts=local, remote_ts=remote
            )
            ends = [address], ["10.77.1.2"]
            mine, theirs = ends if node is row.gateway else ends[::-1]
            identities = ({"auth": "psk", "id": f"gateway-{name}"}, {"auth": "psk", "id": "client"})
            me, other = identities if node is row.gateway else identities[::-1]
            options = {"local_addrs": mine, "remote_addrs": theirs, "local": me, "remote": other}
            children = {f"{name}-net": child}
            node.load(
                name,
                row.connection(node, children, **options, vips=[], pools=[], dpd_delay="1s"),
            )


def _way(node: Node, target: str) -> str:
    """Return the device that a packet to an address takes, or nothing where a guard answers."""
    with contextlib.suppress(AssertionError):
        return str(node.show(f"route get {target}")[0].get("dev", ""))
    return ""


def _flows_by(row: Row, device: str) -> None:
    """Check that traffic of both families flows by that device."""
    for source, target in (("10.3.0.1", "10.2.0.1"), ("fd33::1", "fd02::1")):
        wait_until(
            lambda target=target: _way(row.client, target) == device,  # type: ignore[misc]
            f"the way to {target} is not {device}",
        )
        assert row.site.ping(row.client, source, target) == 3, (device, target)
    row.leaks_only()


@pytest.mark.parametrize("down", ["route", "link"])
def test_failover(row: Row, down: str) -> None:
    """Mode follow: the first tunnel ends, comes back, dies; the last one ends."""
    _tunnels(row)
    _connect(row, f"--on-down {down}")
    for name in ENDS:
        row.client.initiate(f"{name}-net")
    settle(row.client, row.gateway)
    _flows_by(row, "vti2")
    row.client.terminate(ike="first")
    settle(row.client, row.gateway)
    _flows_by(row, "vti3")
    row.client.initiate("first-net")
    settle(row.client, row.gateway)
    _flows_by(row, "vti2")
    row.client.rekey(child="first-net")
    row.client.rekey(ike="first")
    settle(row.client, row.gateway)
    _flows_by(row, "vti2")
    for name in ENDS:
        row.client.terminate(ike=name)
    settle(row.client, row.gateway)
    assert row.site.ping(row.client, "", "10.2.0.1") == 0
    row.leaks_only()
    names = {link["ifname"] for link in row.client.show("link show")}
    assert {"vti2", "vti3"} <= names, "a static device is gone"
    row.client.initiate("second-net")
    settle(row.client, row.gateway)
    _flows_by(row, "vti3")
