# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse and check the routes that a user wants (pure)."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.nexthop import parse_hops
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.numbers import (
    U32_MAX,
    parse_u32,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    METRIC_IPV6,
    TABLES,
    UNICAST,
    NextHop,
    Route,
    RouteIdentity,
    RouteOptions,
    WantedRoute,
    default_scope,
)

PROTOCOL_KERNEL_MAX = 4  # RTPROT_STATIC: numbers up to here belong to the kernel and to users
MTU_MIN = {4: 68, 6: 1280}  # RFC 791, RFC 8200
MTU_MAX = 65520  # ip_metrics_convert (net/ipv4/metrics.c) cuts what is above
ADVMSS_MAX = 65495  # likewise
TOS_MAX = 0xFC
UNICAST_ONLY = ("src", "scope", "mtu", "advmss", "guard", "underlay_exception")


def parse_route(entry: t.Mapping[str, t.Any]) -> WantedRoute:
    """Return the route that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    dst = _destination(entry["dst"])
    what = f"route {dst}"
    identity = RouteIdentity(
        dst.version,
        _table(what, entry["table"]),
        str(dst),
        _tos(what, entry.get("tos"), dst.version),
        _metric(what, entry.get("metric"), dst.version),
    )
    hops = parse_hops(what, entry, dst.version)
    present = entry["state"] == "present"
    if not present:
        return WantedRoute(Route(identity, entry["type"], hops), present=False, **_extras(entry))
    if entry["type"] == UNICAST:
        if not hops:
            raise InputError(
                f"{what}: dev '' and no gateway: expected the name of the device to route through,"
                " a gateway, or both; or nexthops, or another type than unicast"
            )
        options = _options(what, entry, hops, dst.version)
    else:
        _check_no_unicast(what, entry, hops)
        options = RouteOptions(scope=default_scope(dst.version, entry["type"], hops))
    return WantedRoute(Route(identity, entry["type"], hops, options), **_extras(entry))


def check_routes(wanted: t.Sequence[WantedRoute]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: two have the same identity.
    """
    seen = set()
    for one in wanted:
        if one.route.identity in seen:
            raise InputError(
                f"{one.route.object}: it is in the list twice; keep one entry, give another"
                " metric, or give its ways as nexthops of one entry"
            )
        seen.add(one.route.identity)


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


def _extras(entry: t.Mapping[str, t.Any]) -> t.Dict[str, bool]:
    return {name: bool(entry.get(name)) for name in ("guard", "underlay_exception")}


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


def _tos(what: str, value: t.Optional[str], version: int) -> int:
    if not value:
        return 0
    try:
        number = parse_u32(value)
    except ValueError:
        number = -1
    if not 0 <= number <= TOS_MAX or number % 4:
        raise InputError(
            f"{what}: tos '{value}': expected a multiple of 4 from 0 to {TOS_MAX}, decimal or"
            " 0x hexadecimal (the DSCP times 4, as the two ECN bits must be 0)"
        )
    if number and version == 6:
        raise InputError(
            f"{what}: tos '{value}': the kernel has it for IPv4 routes only; leave it out"
        )
    return number


def _check_no_unicast(what: str, entry: t.Mapping[str, t.Any], hops: t.Sequence[NextHop]) -> None:
    wrong = [name for name in UNICAST_ONLY if entry.get(name)]
    if hops:
        wrong.insert(0, "nexthops" if entry.get("nexthops") else "dev or gateway")
    if wrong:
        raise InputError(
            f"{what}: type {entry['type']} goes nowhere, so {' and '.join(wrong)} cannot be given;"
            " leave it out (in a list, an empty value of the entry undoes that of the top level)"
        )


def _options(
    what: str, entry: t.Mapping[str, t.Any], hops: t.Sequence[NextHop], version: int
) -> RouteOptions:
    scope: str = entry.get("scope") or ""
    if version == 6 and scope:
        raise InputError(f"{what}: scope {scope}: IPv6 routes have none; leave it out")
    return RouteOptions(
        src=_source(what, entry.get("src"), version),
        scope=scope or default_scope(version, UNICAST, hops),
        mtu=_size(what, "mtu", entry.get("mtu"), MTU_MIN[version], MTU_MAX),
        advmss=_size(what, "advmss", entry.get("advmss"), 1, ADVMSS_MAX),
    )


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


def _size(what: str, name: str, value: t.Optional[int], low: int, high: int) -> int:
    if value and not low <= value <= high:
        raise InputError(
            f"{what}: {name} {value}: expected {low} to {high} bytes, or 0 for the kernel's own"
        )
    return value or 0
