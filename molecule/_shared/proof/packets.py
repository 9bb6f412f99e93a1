# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line of tcpdump -n as a packet (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass

# `-i any` names the interface and the direction, a capture on one interface names neither:
#   12:00:00.000001 vti-sun Out IP 10.1.0.2 > 10.2.0.2: ICMP echo request, id 7, seq 1, length 64
#   12:00:00.000002 IP 192.0.2.11 > 192.0.2.12: ESP(spi=0xc0ffee01,seq=0x1), length 136
_LINE = re.compile(
    r"^\S+ (?:(?P<interface>\S+)\s+(?P<direction>In|Out)\s+)?"
    r"IP6? (?P<source>\S+) > (?P<destination>\S+): (?P<content>.*)$"
)
_PORT = re.compile(r"^(?P<address>\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:]+:[0-9a-fA-F:]*)\.\d+$")


@dataclass(frozen=True)
class Packet:
    """A packet that was seen; interface and direction (In, Out) are empty where not told."""

    source: str
    destination: str
    content: str
    interface: str = ""
    direction: str = ""

    @property
    def is_esp(self) -> bool:
        """Whether it is ESP, plain or in UDP."""
        return self.content.startswith(("ESP(", "UDP-encap: ESP("))

    @property
    def is_echo(self) -> bool:
        """Whether it is an echo request or reply, in clear."""
        return self.content.startswith(("ICMP echo re", "ICMP6, echo re"))


def parse_packet(line: str) -> Packet | None:
    """Return the packet that a line tells of, or None for anything but IPv4 and IPv6."""
    found = _LINE.match(line)
    if found is None:
        return None
    return Packet(
        source=_without_port(found["source"]),
        destination=_without_port(found["destination"]),
        content=found["content"],
        interface=found["interface"] or "",
        direction=found["direction"] or "",
    )


def parse_packets(lines: list[str]) -> list[Packet]:
    """Return the packets that the lines tell of."""
    return [packet for packet in map(parse_packet, lines) if packet is not None]


def _without_port(endpoint: str) -> str:
    found = _PORT.match(endpoint)
    return found["address"] if found else endpoint
