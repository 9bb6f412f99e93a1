# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what was seen proves the tunnel, and if not, why (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from proof.count import BridgeCount, Counters, HostCount, Pings
from proof.topology import Topology


@dataclass(frozen=True)
class HostEvidence:
    """What one gateway contributes."""

    pings: Pings
    counters: Counters
    count: HostCount


@dataclass(frozen=True)
class Proof:
    """All that was seen while both sites pinged each other."""

    topology: Topology
    hosts: dict[str, HostEvidence]
    bridge: BridgeCount

    @property
    def proven(self) -> bool:
        """Whether nothing is missing."""
        return not self.failures()

    def failures(self) -> list[str]:
        """Return what is missing, one sentence each; empty when the tunnel is proven."""
        return [
            *(failure for name in self.hosts for failure in self._host_failures(name)),
            *self._bridge_failures(),
        ]

    def totals(self) -> dict[str, int]:
        """Return the sums over both gateways; inner_on_underlay includes the bridge."""
        hosts = self.hosts.values()
        return {
            "ping_sent": sum(host.pings.sent for host in hosts),
            "ping_received": sum(host.pings.received for host in hosts),
            "esp_out": sum(host.count.esp_out for host in hosts),
            "esp_in": sum(host.count.esp_in for host in hosts),
            "inner_on_vti": sum(host.count.inner_out + host.count.inner_in for host in hosts),
            "inner_on_underlay": sum(host.count.inner_on_underlay for host in hosts)
            + self.bridge.inner_on_underlay,
        }

    def _expected(self, name: str) -> tuple[int, int]:
        """Return how many echoes a gateway sends and receives: requests and replies."""
        own = self.hosts[name].pings
        other = next(host.pings for each, host in self.hosts.items() if each != name)
        return own.sent + other.sent, own.sent + other.sent

    def _host_failures(self, name: str) -> Iterator[str]:
        host = self.hosts[name]
        out, into = self._expected(name)
        if host.pings.sent == 0:
            yield f"{name}: its site sent no ping"
        if host.pings.received != host.pings.sent:
            yield f"{name}: {host.pings.received} of {host.pings.sent} pings came back"
        for what, seen, expected in (
            ("ESP packets out of the underlay interface", host.count.esp_out, out),
            ("ESP packets into the underlay interface", host.count.esp_in, into),
            ("echoes in clear out of the tunnel device", host.count.inner_out, out),
            ("echoes in clear into the tunnel device", host.count.inner_in, into),
            ("packets by the tunnel device's tx counter", host.counters.tx, 1),
            ("packets by the tunnel device's rx counter", host.counters.rx, 1),
        ):
            if seen < expected:
                yield f"{name}: {seen} {what}, expected {expected} or more"
        if host.count.inner_on_underlay:
            yield f"{name}: {host.count.inner_on_underlay} inner packets in clear on the underlay"

    def _bridge_failures(self) -> Iterator[str]:
        for name, seen in self.bridge.esp_from.items():
            expected = self._expected(name)[0]
            if seen < expected:
                yield f"bridge: {seen} ESP packets from {name}, expected {expected} or more"
        if self.bridge.inner_on_underlay:
            yield f"bridge: {self.bridge.inner_on_underlay} inner packets in clear"
