# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A route as the user wants it: parsed and checked (pure)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.names import NAME_MAX
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.numbers import (
    U32_MAX,
    parse_u32,
)

TABLES = {"default": 253, "main": 254, "local": 255}  # /etc/iproute2/rt_tables
METRIC_IPV6 = 1024  # IP6_RT_PRIO_USER: what the kernel takes for 0
PROTOCOL_KERNEL_MAX = 4  # RTPROT_STATIC: numbers up to here belong to the kernel and to users

RouteIdentity = t.Tuple[int, int, str, int]
"""IP version, table, destination, metric: what makes a route unique."""


@dataclass(frozen=True)
class Route:
    """A wanted route; where O(present) is false only the identity counts.

    For an IPv6 route that is to be absent O(dev), if given, is part of it.
    """

    dst: str
    table: int
    metric: int
    present: bool = True
    dev: str = ""
    src: str = ""

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.dst else 4

    @property
    def identity(self) -> RouteIdentity:
        """What makes it unique."""
        return (self.version, self.table, self.dst, self.metric)

    @property
    def object(self) -> str:
        """How messages name it."""
        return route_name(self.identity)


@dataclass(frozen=True)
class FoundRoute:
    """A route that the kernel holds.

    O(oif) is the index of O(dev), 0 without one; O(type) 1 is unicast (RTN_UNICAST).
    """

    identity: RouteIdentity
    protocol: int
    dev: str = ""
    oif: int = 0
    src: str = ""
    gateway: str = ""
    type: int = 1


def route_name(identity: RouteIdentity) -> str:
    """Return how messages name a route."""
    _version, table, dst, metric = identity
    names = {number: name for name, number in TABLES.items()}
    return f"route {dst} table {names.get(table, table)} metric {metric}"


def parse_route(entry: t.Mapping[str, t.Any]) -> Route:
    """Return the route that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    dst = _destination(entry["dst"])
    what = f"route {dst}"
    table = _table(what, entry["table"])
    metric = _metric(what, entry.get("metric"), dst.version)
    dev = entry.get("dev") or ""
    if entry["state"] == "absent":
        return Route(str(dst), table, metric, False, dev)
    if not dev or len(dev.encode()) > NAME_MAX:
        raise InputError(
            f"{what}: dev '{dev}': expected the name of the device to route through"
            f" (1 to {NAME_MAX} bytes)"
        )
    return Route(str(dst), table, metric, True, dev, _source(what, entry.get("src"), dst.version))


def check_routes(routes: t.Sequence[Route]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: two have the same identity.
    """
    seen = set()
    for route in routes:
        if route.identity in seen:
            raise InputError(
                f"{route.object}: it is in the list twice; keep one entry, or give another metric"
            )
        seen.add(route.identity)


def check_protocol(number: int) -> int:
    """Return a routing-protocol number that can mark our routes.

    :raises InputError: outside 5 to 255, or a number that the kernel or users own.
    """
    if not PROTOCOL_KERNEL_MAX < number <= 255:
        raise InputError(
            f"protocol {number}: expected {PROTOCOL_KERNEL_MAX + 1} to 255;"
            " 0 to 4 belong to the kernel, boot scripts and administrators"
        )
    return number


def _destination(value: str) -> t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]:
    try:
        return ipaddress.ip_network(value)
    except ValueError as error:
        hint = " (for a default route give 0.0.0.0/0 or ::/0)" if value == "default" else ""
        raise InputError(
            f"route '{value}': {error}: expected a network like 10.2.0.0/24 or fd02::/64{hint}"
        ) from None


def _table(what: str, value: str) -> int:
    if value in TABLES:
        return TABLES[value]
    try:
        number = parse_u32(value)
    except ValueError:
        number = 0
    if number == 0:
        raise InputError(
            f"{what}: table '{value}': expected main, default, local or a number"
            f" from 1 to {U32_MAX}"
        )
    return number


def _metric(what: str, value: t.Optional[int], version: int) -> int:
    if value is not None and not 0 <= value <= U32_MAX:
        raise InputError(f"{what}: metric {value}: expected 0 to {U32_MAX}")
    if version == 6:
        return value or METRIC_IPV6
    return value or 0


def _source(what: str, value: t.Optional[str], version: int) -> str:
    if not value:
        return ""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        address = None
    if address is None or address.version != version:
        raise InputError(f"{what}: src '{value}': expected an IPv{version} address of this host")
    return str(address)
