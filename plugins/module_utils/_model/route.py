# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes as data: the same for what is wanted and for what the kernel holds (pure)."""

from __future__ import annotations

import hashlib
import typing as t
from dataclasses import dataclass, field

UNICAST, BLACKHOLE, UNREACHABLE, PROHIBIT, THROW = (
    "unicast",
    "blackhole",
    "unreachable",
    "prohibit",
    "throw",
)
TYPES = (UNICAST, BLACKHOLE, UNREACHABLE, PROHIBIT, THROW)
GLOBAL, LINK, HOST = "global", "link", "host"
SCOPES = (GLOBAL, LINK, HOST)

TABLES = {"default": 253, "main": 254, "local": 255}  # /etc/iproute2/rt_tables
MAIN = TABLES["main"]
METRIC_IPV6 = 1024  # IP6_RT_PRIO_USER: what the kernel takes for 0
PROTOCOL = 157


class RouteIdentity(t.NamedTuple):
    """What makes a route unique; for IPv6 its next hop counts too, and O(tos) is 0."""

    version: int
    table: int
    dst: str
    tos: int
    metric: int


class Encap(t.NamedTuple):
    """C(encap xfrm): what an external XFRM interface does with the packets.

    O(dev) is the underlay device of the SAs, V("") for none.
    """

    if_id: int
    dev: str = ""


class NextHop(t.NamedTuple):
    """One way to the destination.

    Where one is wanted, an empty O(dev) leaves it to the kernel to find the gateway's. The gateway
    of an IPv4 route may be an IPv6 address.
    """

    dev: str = ""
    gateway: str = ""
    weight: int = 1
    onlink: bool = False
    encap: t.Optional[Encap] = None


class RouteOptions(t.NamedTuple):
    """What a route has besides its identity and its next hops; 0 and V("") are the kernel's own.

    O(scope) is V("") for IPv6, which has none.
    """

    src: str = ""
    scope: str = ""
    mtu: int = 0
    advmss: int = 0


def default_scope(version: int, type_name: str, hops: t.Sequence[NextHop]) -> str:
    """Return the scope that a route has if none is asked for, as ip-route(8) chooses it."""
    if version == 6:
        return ""
    alone = type_name == UNICAST and len(hops) == 1 and not hops[0].gateway
    return LINK if alone else GLOBAL


@dataclass(frozen=True)
class Route:
    """A route. O(hops) are sorted, several are a multipath route; only O(type=unicast) has any."""

    identity: RouteIdentity
    type: str = UNICAST
    hops: t.Tuple[NextHop, ...] = ()
    options: RouteOptions = field(default_factory=RouteOptions)

    @property
    def object(self) -> str:
        """How messages name it."""
        return route_name(self.identity)

    @property
    def devices(self) -> t.Tuple[str, ...]:
        """The devices that it names."""
        return tuple(hop.dev for hop in self.hops if hop.dev)

    @property
    def has_gateway(self) -> bool:
        """Whether a next hop is a router."""
        return any(hop.gateway for hop in self.hops)


@dataclass(frozen=True)
class WantedRoute:
    """A route as a user wants it.

    Where O(present) is false only its identity counts, and for IPv6 its device, if it names one.
    """

    route: Route
    present: bool = True
    guard: bool = False
    underlay_exception: bool = False


@dataclass(frozen=True)
class FoundRoute:
    """A route that the kernel holds; O(mark) is the number of its owner, or 0 (M(owner_number))."""

    route: Route
    protocol: int
    mark: int = 0


def owner_number(owner: str) -> int:
    """Return the number that marks a route whose device does not tell the owner.

    It travels as the metric C(cwnd), which the kernel keeps for every type of route in both
    families, and which means nothing without C(lock) (ip-route(8)).
    """
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:4], "big") or 1


def route_name(identity: RouteIdentity) -> str:
    """Return how messages name a route."""
    names = {number: name for name, number in TABLES.items()}
    tos = f" tos 0x{identity.tos:02x}" if identity.tos else ""
    table = names.get(identity.table, identity.table)
    return f"route {identity.dst} table {table}{tos} metric {identity.metric}"
