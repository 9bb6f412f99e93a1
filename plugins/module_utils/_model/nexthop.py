# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the next hops of a route (pure)."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.names import NAME_MAX
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.numbers import (
    U32_MAX,
    parse_u32,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import Encap, NextHop

WEIGHT_MAX = 256  # rtnh_hops is one byte, and holds the weight less one

Entry = t.Mapping[str, t.Any]


def parse_hops(what: str, entry: Entry, version: int) -> t.Tuple[NextHop, ...]:
    """Return the next hops that an entry names, sorted.

    :raises InputError: a value is wrong, or two options exclude each other.
    """
    several: t.Sequence[Entry] = entry.get("nexthops") or ()
    single = [name for name in ("dev", "gateway", "onlink", "encap") if entry.get(name)]
    if not several:
        return (_hop(what, entry, version),) if single else ()
    if single:
        raise InputError(
            f"{what}: {' and '.join(single)} beside nexthops: each next hop names its own; leave"
            " it out (in a list, an empty value of the entry undoes that of the top level)"
        )
    if len(several) == 1:
        raise InputError(
            f"{what}: nexthops has one entry: expected two or more; give dev or gateway"
        )
    hops = [_hop(f"{what} nexthop {number}", hop, version) for number, hop in enumerate(several, 1)]
    for number, hop in enumerate(hops, 1):
        if version == 6 and not hop.gateway:
            raise InputError(
                f"{what} nexthop {number}: gateway is missing: the kernel takes no device alone in"
                " an IPv6 multipath route; give routes of different metrics, or gateways"
            )
    ways = sorted((hop.dev, hop.gateway, str(hop.encap)) for hop in hops)
    for way, following in zip(ways, ways[1:]):
        if way == following:
            raise InputError(
                f"{what}: nexthops names {' '.join(filter(None, way[:2]))} twice; give it a weight"
            )
    return sort_hops(hops)


def sort_hops(hops: t.Iterable[NextHop]) -> t.Tuple[NextHop, ...]:
    """Return next hops in the order in which they are compared; the kernel has another one."""
    return tuple(sorted(hops, key=lambda hop: (hop.gateway, hop.dev, str(hop.encap), hop.weight)))


def _hop(what: str, entry: Entry, version: int) -> NextHop:
    dev: str = entry.get("dev") or ""
    if len(dev.encode()) > NAME_MAX:
        raise InputError(
            f"{what}: dev '{dev}': expected the name of a device (1 to {NAME_MAX} bytes)"
        )
    gateway = _gateway(what, entry.get("gateway"), version)
    if not dev and not gateway:
        raise InputError(f"{what}: dev '' and no gateway: expected dev, gateway or both")
    if gateway and not dev and ipaddress.ip_address(gateway).is_link_local:
        raise InputError(f"{what}: gateway {gateway} is link-local: expected dev beside it")
    onlink = bool(entry.get("onlink"))
    if onlink and not (gateway and dev):
        raise InputError(
            f"{what}: onlink: expected gateway and dev beside it, as it says that the gateway is"
            " reached through the device whatever the addresses"
        )
    weight = entry.get("weight")
    weight = 1 if weight is None else weight
    if not 1 <= weight <= WEIGHT_MAX:
        raise InputError(f"{what}: weight {weight}: expected 1 to {WEIGHT_MAX}")
    encap = entry.get("encap")
    if encap and not dev:
        raise InputError(f"{what}: encap: expected dev beside it, an external XFRM interface")
    return NextHop(dev, gateway, weight, onlink, _encap(what, encap) if encap else None)


def _gateway(what: str, value: t.Optional[str], version: int) -> str:
    if not value:
        return ""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        raise InputError(f"{what}: gateway '{value}': expected an IP address") from None
    if version == 6 and address.version == 4:
        raise InputError(f"{what}: gateway {value}: expected an IPv6 address for an IPv6 route")
    if address.is_unspecified or address.is_multicast:
        raise InputError(f"{what}: gateway {value}: expected the address of one router")
    return str(address)


def _encap(what: str, entry: Entry) -> Encap:
    text = entry.get("if_id")
    try:
        number = parse_u32(text) if text is not None else 0
    except ValueError:
        number = 0
    if number == 0:
        raise InputError(f"{what}: encap if_id '{text}': expected a number from 1 to {U32_MAX}")
    return Encap(number, entry.get("dev") or "")
