# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send packets, and see which of them leave in the clear.

The underlay is a veth pair, eth0 and eth1: what the host sends by eth0 is captured on eth1. Nobody
answers there, so the neighbours are permanent entries.
"""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import socket
import struct
import typing as t
from pathlib import Path

from ansible_collections.ipsec.strongswan.tests.support import shell

ROUTER = {4: "192.0.2.254", 6: "fd00:2::fe"}
ROUTER_MAC = "02:00:00:00:00:fe"
LAN_HOST = {4: "198.18.0.9", 6: "fd18::9"}
ESP = 50
ETH_P_ALL = 3
PATIENCE = 30.0  # for a packet that must come; emulated machines are slow

_numbers = itertools.count()


def underlay() -> None:
    """Give the namespace's underlay both families, a router, and a LAN behind the host."""
    shell.ip_batch("addr add fd00:2::1/64 dev eth0 nodad")
    neighbours()
    lan()


def neighbours() -> None:
    """Let the router of the underlay be known: nobody answers there."""
    shell.ip_batch(
        f"neigh replace {ROUTER[4]} lladdr {ROUTER_MAC} dev eth0 nud permanent",
        f"neigh replace {ROUTER[6]} lladdr {ROUTER_MAC} dev eth0 nud permanent",
    )


def lan() -> None:
    """Make a LAN whose packets the host forwards, if there is none yet."""
    if not Path("/sys/class/net/lan0").exists():
        shell.ip_batch("link add lan0 type veth peer name lan1")
    shell.ip_batch(
        "link set lan0 up",
        "link set lan1 up",
        "addr replace 198.18.0.1/24 dev lan0",
        "addr replace fd18::1/64 dev lan0 nodad",
    )
    for key in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        Path(f"/proc/sys/net/{key}").write_text("1")


def host_default(metric: str = "") -> None:
    """Let the host have default routes by the underlay's router."""
    shell.ip_batch(
        f"route add 0.0.0.0/0 via {ROUTER[4]} dev eth0 {metric}",
        f"route add ::/0 via {ROUTER[6]} dev eth0 {metric}",
    )


class Underlay:
    """A capture of what leaves by the underlay; a context manager."""

    def __init__(self) -> None:
        self._capture = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._capture.bind(("eth1", ETH_P_ALL))
        self._capture.settimeout(PATIENCE)

    def __enter__(self) -> Underlay:
        return self

    def __exit__(self, *_error: object) -> None:
        self._capture.close()

    def leaks(self, destination: str) -> set[str]:
        """Send packets to an address from the host and from its LAN; say whose left in the clear.

        A packet to the router is sent behind them: what came before it is all that comes.
        """
        version = ipaddress.ip_address(destination).version
        self._forget_errors()
        marks = {name: f"overlay {name} {next(_numbers)}." for name in ("host", "LAN")}
        _send_from_host(destination, marks["host"])
        _send_from_lan(destination, marks["LAN"])
        fence = f"fence {next(_numbers)}."
        _send_from_host(ROUTER[version], fence)
        seen = self._until(fence)
        return {name for name, mark in marks.items() if any(mark.encode() in one for one in seen)}

    def check_reaches(self, destination: str) -> None:
        """Check that IKE's and ESP's packets to a peer leave by the underlay."""
        self._forget_errors()
        ike, esp = (f"{name} {next(_numbers)}." for name in ("ike", "esp"))
        _send_from_host(destination, ike, port=500, must=True)
        self._until(ike)
        version = ipaddress.ip_address(destination).version
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_RAW, ESP) as raw:
            raw.sendto(esp.encode().ljust(32), (destination, 0))
        self._until(esp)

    def _forget_errors(self) -> None:
        """Go on after the underlay was down: the socket tells it once."""
        self._capture.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)

    def _until(self, mark: str) -> list[bytes]:
        seen: list[bytes] = []
        while not seen or mark.encode() not in seen[-1]:
            try:
                seen.append(self._capture.recv(65535))
            except TimeoutError:
                raise AssertionError(f"{mark} did not leave by the underlay") from None
        return seen


def _send_from_host(destination: str, mark: str, port: int = 7777, must: bool = False) -> None:
    family = socket.AF_INET6 if ":" in destination else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        # Unreachable is what a guard answers.
        with contextlib.suppress(OSError) if not must else contextlib.nullcontext():
            sender.sendto(mark.encode(), (destination, port))


def _send_from_lan(destination: str, mark: str) -> None:
    """Inject a frame as if a machine of the LAN had sent it to the host to forward."""
    host = bytes.fromhex(shell.link("lan0")["address"].replace(":", ""))
    version = ipaddress.ip_address(destination).version
    packet = {4: _ipv4, 6: _ipv6}[version](LAN_HOST[version], destination, mark.encode())
    kind = {4: 0x0800, 6: 0x86DD}[version]
    frame = host + bytes.fromhex("020000000009") + struct.pack(">H", kind) + packet
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind(("lan1", 0))
        sender.send(frame)


def _udp(payload: bytes) -> bytes:
    return struct.pack(">HHHH", 7777, 7777, 8 + len(payload), 0) + payload


def _ipv4(source: str, destination: str, payload: bytes) -> bytes:
    datagram = _udp(payload)  # without a checksum, as IPv4 allows
    fields: list[t.Any] = [0x45, 0, 20 + len(datagram), 1, 0, 64, socket.IPPROTO_UDP, 0]
    ends = socket.inet_aton(source) + socket.inet_aton(destination)
    header = struct.pack(">BBHHHBBH", *fields) + ends
    total = sum(struct.unpack(">10H", header))
    fields[-1] = ~(total % 0xFFFF) & 0xFFFF
    return struct.pack(">BBHHHBBH", *fields) + ends + datagram


def _ipv6(source: str, destination: str, payload: bytes) -> bytes:
    datagram = _udp(payload)  # nobody checks it: it is forwarded only
    ends = b"".join(socket.inet_pton(socket.AF_INET6, one) for one in (source, destination))
    return struct.pack(">IHBB", 6 << 28, len(datagram), socket.IPPROTO_UDP, 64) + ends + datagram
