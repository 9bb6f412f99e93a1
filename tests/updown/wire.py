# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What crosses the underlay, as the router between the hosts sees it: ESP, and what is in the clear."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
import typing as t
from collections import Counter

from ansible_collections.ipsec.strongswan.tests.support.namespaces import entered

ETH_P_ALL = 3
OUTGOING = 4  # PACKET_OUTGOING: what the router passes on; it was counted when it came
UDP, ESP = 17, 50
NATT = 4500
PATIENCE = 2.0  # seconds for the capture to come to what has been sent
OVERLAY = [
    *(ipaddress.ip_network(text) for text in ("10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16")),
    *(ipaddress.ip_network(text) for text in ("fd02::/64", "fd33::/64", "fd44::/64")),
]


class Wire:
    """A capture on all of the router's devices; a context manager."""

    def __init__(self, namespace: str) -> None:
        self.esp: Counter[str] = Counter()  # by the host that sent it
        self.clear: list[str] = []
        with entered(namespace):
            protocol = socket.htons(ETH_P_ALL)
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, protocol)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._socket.settimeout(0.1)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._capture, daemon=True)

    def __enter__(self) -> Wire:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()
        self._socket.close()

    def sent(self, *sources: str) -> int:
        """Return how many packets of ESP came from one of these addresses so far."""
        time.sleep(0.02)  # the capture is another thread
        return sum(self.esp[source] for source in sources)

    def more(
        self, ends: t.Sequence[tuple[str, ...]], before: t.Sequence[int], least: int
    ) -> list[int]:
        """Return how many more came from each end; wait a while until it is so many."""
        end = time.monotonic() + PATIENCE
        while True:
            found = [self.sent(*one) - count for one, count in zip(ends, before, strict=True)]
            if min(found) >= least or time.monotonic() > end:
                return found

    def _capture(self) -> None:
        while not self._end.is_set():
            try:
                packet, address = self._socket.recvfrom(65535)
            except TimeoutError:
                continue
            if address[2] != OUTGOING:
                self._count(packet)

    def _count(self, packet: bytes) -> None:
        found = _parse(packet)
        if found is None:
            return
        source, destination, protocol, payload = found
        if protocol == ESP or (protocol == UDP and _is_esp_in_udp(payload)):
            self.esp[str(source)] += 1
        if any(end in network for end in (source, destination) for network in OVERLAY):
            self.clear.append(f"{source} > {destination}, protocol {protocol}")


def _parse(packet: bytes) -> tuple[t.Any, t.Any, int, bytes] | None:
    """Return source, destination, protocol and payload of an IPv4 or IPv6 packet."""
    version = packet[0] >> 4 if packet else 0
    if version == 4 and len(packet) >= 20:
        length = (packet[0] & 15) * 4
        ends = (ipaddress.IPv4Address(packet[12:16]), ipaddress.IPv4Address(packet[16:20]))
        return *ends, packet[9], packet[length:]
    if version == 6 and len(packet) >= 40:
        ends6 = (ipaddress.IPv6Address(packet[8:24]), ipaddress.IPv6Address(packet[24:40]))
        return *ends6, packet[6], packet[40:]
    return None


def _is_esp_in_udp(payload: bytes) -> bool:
    ports = (int.from_bytes(payload[:2], "big"), int.from_bytes(payload[2:4], "big"))
    content = payload[8:]
    return NATT in ports and len(content) > 4 and content[:4] != bytes(4)
