# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the proof has to know about two gateways, the sites behind them and the underlay (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

SITE_NAMESPACE = "site"
UNDERLAY_INTERFACE = "eth0"


@dataclass(frozen=True)
class Gateway:
    """A host with a tunnel device, and the addresses of the one host in the site behind it.

    `device_in` is another device that receives what `device` does not, `namespace` the network
    namespace of the site: None is the host itself, a client with virtual addresses. `towards` is the
    underlay address that its ESP goes to where that is not the other gateway's: a hub's.
    `hidden_behind` is the address of the NAT that the peer sees instead of `underlay`.
    """

    name: str
    container: str
    underlay: str
    device: str
    site: tuple[str, ...]
    device_in: str = ""
    namespace: str | None = SITE_NAMESPACE
    towards: str = ""
    hidden_behind: str = ""

    @property
    def seen_as(self) -> str:
        """The address that its peer and the network between them see."""
        return self.hidden_behind or self.underlay

    @property
    def devices(self) -> dict[str, str]:
        """The tunnel device by the direction of a packet."""
        return {"Out": self.device, "In": self.device_in or self.device}

    def ping(self, *arguments: str) -> tuple[str, ...]:
        """Return the words of a ping from the site."""
        within = ("ip", "netns", "exec", self.namespace) if self.namespace else ()
        return (*within, "ping", "-n", *arguments)


@dataclass(frozen=True)
class Topology:
    """Two gateways, the container network between them, and every network inside the tunnel.

    `behind_nat` is another container network, of the first gateway, behind the NAT that hides it.
    """

    gateways: tuple[Gateway, Gateway]
    network: str
    inner: tuple[str, ...]
    behind_nat: str = ""

    @property
    def underlays(self) -> tuple[str, ...]:
        """The container networks on which nothing may be in the clear."""
        return tuple(filter(None, (self.network, self.behind_nat)))

    def peer_of(self, gateway: Gateway) -> Gateway:
        """Return the other one."""
        left, right = self.gateways
        return right if gateway == left else left

    def towards(self, gateway: Gateway) -> str:
        """Return the underlay address that the ESP of a gateway goes to and comes from."""
        return gateway.towards or self.peer_of(gateway).seen_as

    def inner_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Return the networks whose packets must not be seen on the underlay in clear."""
        return tuple(ip_network(network) for network in self.inner)

    def is_inner(self, address: str) -> bool:
        """Return whether an address belongs inside the tunnel."""
        return any(ip_address(address) in network for network in self.inner_networks())

    def capture_filter(self) -> str:
        """Return the pcap filter for all that counts: ESP, plain or in UDP, and inner packets."""
        return " or ".join(["esp", "udp port 4500", *(f"net {net}" for net in self.inner)])
