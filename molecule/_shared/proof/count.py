# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was seen, in numbers (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from proof.packets import Packet
from proof.topology import UNDERLAY_INTERFACE, Gateway, Topology

_PING = re.compile(r"^(\d+) packets transmitted, (\d+) received", re.MULTILINE)
_REPLY = re.compile(r"^\d+ bytes from \S+ icmp_seq=(\d+) ", re.MULTILINE)
_COUNTERS = re.compile(r"^counters (\d+) (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Pings:
    """Echo requests that a site sent to the other one, and the replies that it got."""

    sent: int
    received: int


@dataclass(frozen=True)
class Echoes:
    """Echo requests of one ping up to the last one that was answered, and the replies.

    What comes after may still be under way.
    """

    sent: int
    received: int
    longest_gap: int

    @property
    def lost(self) -> int:
        """Requests without a reply."""
        return self.sent - self.received


@dataclass(frozen=True)
class Counters:
    """By how many packets the counters of a tunnel device rose."""

    rx: int
    tx: int


@dataclass(frozen=True)
class HostCount:
    """Packets that a gateway saw: ESP on the underlay, echoes in clear on its tunnel device."""

    esp_out: int
    esp_in: int
    inner_out: int
    inner_in: int
    inner_on_underlay: int


@dataclass(frozen=True)
class BridgeCount:
    """Packets between the gateways: ESP by the name of the gateway that sent it."""

    esp_from: dict[str, int]
    inner_on_underlay: int


def count_host(packets: Iterable[Packet], gateway: Gateway, topology: Topology) -> HostCount:
    """Count a capture on all interfaces of a gateway."""
    towards = topology.towards(gateway)
    ways = {(gateway.underlay, towards): "Out", (towards, gateway.underlay): "In"}
    esp = {"Out": 0, "In": 0}
    inner = {"Out": 0, "In": 0}
    leaked = 0
    for packet in packets:
        if packet.interface == UNDERLAY_INTERFACE:
            way = ways.get((packet.source, packet.destination))
            if packet.is_esp and way == packet.direction:
                esp[packet.direction] += 1
            elif _is_inner(packet, topology):
                leaked += 1
        elif (
            packet.interface == gateway.devices.get(packet.direction)
            and packet.is_echo
            and _is_inner(packet, topology)
        ):
            inner[packet.direction] += 1
    return HostCount(esp["Out"], esp["In"], inner["Out"], inner["In"], leaked)


def count_bridge(packets: Iterable[Packet], topology: Topology) -> BridgeCount:
    """Count a capture on the bridge between the gateways."""
    names = {(one.seen_as, topology.towards(one)): one.name for one in topology.gateways}
    esp = dict.fromkeys(names.values(), 0)
    leaked = 0
    for packet in packets:
        way = (packet.source, packet.destination)
        if packet.is_esp and way in names:
            esp[names[way]] += 1
        elif _is_inner(packet, topology):
            leaked += 1
    return BridgeCount(esp, leaked)


def count_pings(output: str) -> Pings:
    """Add up the summaries of any number of pings."""
    found = _PING.findall(output)
    return Pings(sum(int(sent) for sent, _got in found), sum(int(got) for _sent, got in found))


def count_echoes(lines: Iterable[str]) -> Echoes:
    """Count the replies that a ping tells of; its requests are numbered from 1 without a gap."""
    answered = sorted({int(number) for number in _REPLY.findall("\n".join(lines))})
    gaps = [later - earlier - 1 for earlier, later in pairwise([0, *answered])]
    return Echoes(max(answered, default=0), len(answered), max(gaps, default=0))


def count_counters(output: str) -> Counters:
    """Return the difference between the first and the last `counters RX TX` line, or 0 and 0."""
    found = [(int(rx), int(tx)) for rx, tx in _COUNTERS.findall(output)]
    if not found:
        return Counters(0, 0)
    return Counters(found[-1][0] - found[0][0], found[-1][1] - found[0][1])


def _is_inner(packet: Packet, topology: Topology) -> bool:
    return topology.is_inner(packet.source) or topology.is_inner(packet.destination)
