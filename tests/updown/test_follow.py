# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mode follow: static devices, two tunnels to the gateway, and traffic that moves to the one that is up."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

import pytest

from ansible_collections.ipsec.strongswan.tests.charon.pair import wait_until
from ansible_collections.ipsec.strongswan.tests.updown.host import Node, settle
from ansible_collections.ipsec.strongswan.tests.updown.row import ROUTES, Row
from ansible_collections.ipsec.strongswan.tests.updown.site import INNER, POOLS, guards

ABOUT = "client"
COLUMNS = ("ours",)
SECOND = "10.77.9.4"  # the gateway's other address
# dpd_delay, and what retransmissions take until charon gives up (host.py): 0.4 s x (1 + 1.2 + ... + 1.2^4)
DEAD_AFTER = 1 + 3
SLACK = 4.0  # seconds for a crowded or emulated machine, and for the hook


@dataclass(frozen=True)
class Tunnel:
    """A tunnel of the client: its devices at both ends, and the gateway's end of it."""

    name: str
    key: str  # and mark, on the client
    peer: Node
    address: str
    peer_key: str
    metric: str

    @property
    def device(self) -> str:
        """The client's device."""
        return f"vti{self.key}"

    @property
    def peer_device(self) -> str:
        """The gateway's device."""
        return f"vti{self.peer_key}"


def _to_one_gateway(row: Row) -> tuple[Tunnel, Tunnel]:
    """Return two tunnels to two addresses of one gateway."""
    row.gateway.ip(f"addr add {SECOND}/24 dev eth0")
    return (
        Tunnel("first", "2", row.gateway, row.gateway.addresses[0], "42", "10"),
        Tunnel("second", "3", row.gateway, SECOND, "43", "20"),
    )


def _to_two_gateways(row: Row) -> tuple[Tunnel, Tunnel]:
    """Return a tunnel to each of two gateways, which have the same network behind them."""
    row.other.ip(*(f"addr add {address} dev lo" for address in INNER.values()))
    guards(row.other, *POOLS.values())
    return (
        Tunnel("first", "2", row.gateway, row.gateway.addresses[0], "42", "10"),
        Tunnel("second", "3", row.other, row.other.addresses[0], "43", "20"),
    )


def _connect(row: Row, tunnels: tuple[Tunnel, ...], arguments: str) -> None:
    """Make devices, addresses and routes, as vti_tunnel and vti_route would; then bring them up."""
    row.client.ip("addr add 10.3.0.1/32 dev lo", "addr add fd33::1/128 dev lo")
    for tunnel in tunnels:
        for node, name, key, local, remote, networks in (
            (row.client, tunnel.device, tunnel.key, "10.77.1.2", tunnel.address, ROUTES),
            (
                *(tunnel.peer, tunnel.peer_device, tunnel.peer_key, tunnel.address, "10.77.1.2"),
                ("10.3.0.1/32", "fd33::1/128"),
            ),
        ):
            metric = f"metric {tunnel.metric} proto 157"
            node.ip(
                f"link add {name} type vti local {local} remote {remote} key {key}",
                f"link set {name} up",
                *(f"route add {one} dev {name} {metric}" for one in networks),
            )
    row.start(row.client, *(tunnel.peer for tunnel in tunnels))
    for tunnel in tunnels:
        _load(row, tunnel, arguments)
        row.client.initiate(f"{tunnel.name}-net")
    settle(row.client, *(tunnel.peer for tunnel in tunnels))


def _load(row: Row, tunnel: Tunnel, arguments: str) -> None:
    """Give both ends the connection of a tunnel."""
    for node, device, key in (
        (tunnel.peer, tunnel.peer_device, tunnel.peer_key),
        (row.client, tunnel.device, tunnel.key),
    ):
        is_peer = node is tunnel.peer
        row.arguments[node.name] = f"--mode follow --device {device} --routes none {arguments}"
        networks = (list(ROUTES), ["10.3.0.0/24", "fd33::/64"])
        local, remote = networks if is_peer else networks[::-1]
        child = row.child(node, mark_in=key, mark_out=key, local_ts=local, remote_ts=remote)
        ends = [tunnel.address], ["10.77.1.2"]
        mine, theirs = ends if is_peer else ends[::-1]
        identities = (
            {"auth": "psk", "id": f"gateway-{tunnel.name}"},
            {"auth": "psk", "id": "client"},
        )
        me, other = identities if is_peer else identities[::-1]
        options = {"local_addrs": mine, "remote_addrs": theirs, "local": me, "remote": other}
        connection = row.connection(
            node,
            {f"{tunnel.name}-net": child},
            **options,
            vips=[],
            pools=[],
            dpd_delay="1s",
            mobike="no",  # a dead tunnel is to die, not to move to where the other one ends
        )
        node.load(tunnel.name, connection)


def _way(node: Node, target: str) -> str:
    """Return the device that a packet to an address takes, or nothing where a guard answers."""
    with contextlib.suppress(AssertionError):
        return str(node.show(f"route get {target}")[0].get("dev", ""))
    return ""


def _flows_by(row: Row, device: str, seconds: float = 10) -> None:
    """Check that traffic of both families flows by that device, at the latest after so long."""
    for source, target in (("10.3.0.1", INNER[4]), ("fd33::1", INNER[6])):
        wait_until(
            lambda target=target: _way(row.client, target) == device,  # type: ignore[misc]
            f"the way to {target} is not {device}",
            seconds,
        )
        assert row.site.ping(row.client, source, target) == 3, (device, target)
    row.leaks_only()


def _flows_by_none(row: Row, seconds: float = 10) -> None:
    """Check that guards answer for both families, at the latest after so long."""
    for target in INNER.values():
        wait_until(
            lambda target=target: not _way(row.client, target),  # type: ignore[misc]
            f"there still is a way to {target}",
            seconds,
        )
        assert row.site.ping(row.client, "", target) == 0, target
    row.leaks_only()


@pytest.mark.parametrize("down", ["route", "link"])
def test_failover(row: Row, down: str) -> None:
    """Mode follow: the first tunnel ends, comes back, dies; the last one ends."""
    tunnels = _to_one_gateway(row)
    _connect(row, tunnels, f"--on-down {down}")
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
    for tunnel in tunnels:
        row.client.terminate(ike=tunnel.name)
    settle(row.client, row.gateway)
    _flows_by_none(row)
    names = {link["ifname"] for link in row.client.show("link show")}
    assert {"vti2", "vti3"} <= names, "a static device is gone"
    row.client.initiate("second-net")
    settle(row.client, row.gateway)
    _flows_by(row, "vti3")


# What the router drops of a gateway's: to it and from it. Packets of one direction would do for a charon before
# 6.0.1, which takes ESP for a sign of life.
_CUT = ("route {} blackhole {}/32", "rule {} from {}/32 blackhole")


def _cut(row: Row, *tunnels: Tunnel) -> None:
    """Let nothing pass on the paths of tunnels, in either direction."""
    row.site.router(*(one.format("add", tunnel.address) for tunnel in tunnels for one in _CUT))


def _mend(row: Row, *tunnels: Tunnel) -> None:
    """Let everything pass again."""
    row.site.router(*(one.format("del", tunnel.address) for tunnel in tunnels for one in _CUT))


def _power_off(row: Row, *tunnels: Tunnel) -> None:
    """End gateways as a power cut does: no charon, and nothing of their kernels answers."""
    for tunnel in tunnels:
        tunnel.peer.kill()
    _cut(row, *tunnels)


@pytest.mark.parametrize("down", ["route", "link"])
def test_dead_peer(row: Row, down: str) -> None:
    """Mode follow: the first tunnel's peer dies, and DPD finds out; it comes back."""
    tunnels = first, _second = _to_two_gateways(row)
    arguments = f"--on-down {down}"
    _connect(row, tunnels, arguments)
    _flows_by(row, "vti2")
    _power_off(row, first)
    _flows_by(row, "vti3", DEAD_AFTER + SLACK)
    _mend(row, first)
    row.start(row.gateway)
    _load(row, first, arguments)
    row.client.initiate("first-net")
    settle(row.client, row.gateway)
    _flows_by(row, "vti2")
    _power_off(row, *tunnels)
    _flows_by_none(row, DEAD_AFTER + SLACK)


@pytest.mark.parametrize("down", ["route", "link"])
def test_dead_daemon(row: Row, down: str) -> None:
    """Mode follow: the first peer's charon is killed, its kernel goes on carrying packets.

    Before 6.0.1, charon took ESP packets of the peer for a sign of life (strongSwan issue 1759), and sent no DPD.
    So traffic stays where it flows; from 6.0.1 on, it moves. Either way it is carried.
    """
    tunnels = _to_two_gateways(row)
    _connect(row, tunnels, f"--on-down {down}")
    _flows_by(row, "vti2")
    row.gateway.kill()
    if row.client.version >= (6, 0, 1):
        _flows_by(row, "vti3", DEAD_AFTER + SLACK)
        return
    time.sleep(DEAD_AFTER + SLACK)
    _flows_by(row, "vti2", 0)


@pytest.mark.parametrize("down", ["route", "link"])
def test_dead_path(row: Row, down: str) -> None:
    """Mode follow: nothing passes on the first tunnel's path, and DPD finds out, at both ends."""
    first, _second = tunnels = _to_one_gateway(row)
    _connect(row, tunnels, f"--on-down {down}")
    _flows_by(row, "vti2")
    _cut(row, first)
    _flows_by(row, "vti3", DEAD_AFTER + SLACK)
    _mend(row, first)
    row.client.initiate("first-net")
    settle(row.client, row.gateway)
    _flows_by(row, "vti2")
