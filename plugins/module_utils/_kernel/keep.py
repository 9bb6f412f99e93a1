# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Remember a device's routes and sysctls, and put them back after a change has flushed them."""

from __future__ import annotations

import errno
import struct
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import refusal
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.sysctl import (
    read_all,
    write_all,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    NLA_F_NESTED,
    address_at,
    each,
    raw,
    u32,
    u32_at,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import (
    NLM_F_CREATE,
    NLM_F_EXCL,
    NLM_F_REPLACE,
    Netlink,
    message,
)

RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE = 24, 25, 26
AF_INET, AF_INET6 = 2, 10
RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PREFSRC, RTA_MULTIPATH, RTA_CACHEINFO = 1, 4, 5, 7, 9, 12
RTA_TABLE, RTA_VIA, RTA_ENCAP, RTA_NH_ID = 15, 18, 22, 30
RTM_F_CLONED = 0x200
RTNH_F_KEPT = 0x6  # pervasive and onlink; the kernel takes no route that says dead or linkdown
RTNH_F_DEAD = 0x1
# What the kernel makes and takes away itself: redirects, connected routes, router advertisements.
KERNELS_OWN = {1, 2, 9}

NO_WAY = frozenset({errno.EEXIST, errno.ENODEV, errno.ENETDOWN})
"""What a route that cannot be put back is answered with: it is there; another of its devices was
removed; a device of it is to be down, and that flushes routes too."""

_RTMSG = struct.Struct("=BBBBBBBBI")
_NEXTHOP = struct.Struct("=HBBi")  # length, flags, weight, index of the device


@dataclass(frozen=True)
class Kept:
    """What a device had: the bodies of its routes' messages, and its sysctls by their files."""

    index: int
    routes: t.Tuple[bytes, ...]
    sysctls: t.Mapping[str, bytes]


def remember(netlink: Netlink, index: int, name: str) -> Kept:
    """Read all that a flush or a removal of a device would lose."""
    return Kept(index, tuple(route for route, _dead in _routes(netlink, index)), read_all(name))


def put_back(netlink: Netlink, index: int, name: str, kept: Kept) -> None:
    """Put back what is missing or differs; O(index) is what the device has now.

    A route whose source address is no longer one of this host comes back without it: which way
    packets go counts more than where they say that they come from.

    :raises KernelError: the kernel refused it.
    """
    there = dict(_routes(netlink, index))
    wanted = [_renumbered(route, kept.index, index) for route in kept.routes]
    # A gateway must be reachable before the routes through it.
    missing = sorted((one for one in wanted if there.get(one, True)), key=_by_gateway)
    refused = _add(netlink, missing)
    said = dict(netlink.said)
    unsourced = [
        position
        for position, code in refused.items()
        if code == errno.EINVAL and RTA_PREFSRC in _kinds(missing[position])
    ]
    again = _add(netlink, [_without_source(missing[position]) for position in unsourced])
    refused.update({position: again.get(place, 0) for place, position in enumerate(unsourced)})
    dead = [one for one in range(len(missing)) if there.get(missing[one]) and one not in refused]
    lost = _revive(netlink, [missing[position] for position in dead])
    refused.update({dead[place]: code for place, code in lost.items()})
    write_all(name, kept.sysctls)
    for position, code in sorted(refused.items()):
        if code and code not in NO_WAY:
            what = f"tunnel {name}: put back its route {_shown(missing[position])}"
            raise refusal(what, code, said.get(position, ""))


def _add(netlink: Netlink, routes: t.Sequence[bytes]) -> t.Dict[int, int]:
    return netlink.batch([message(RTM_NEWROUTE, NLM_F_CREATE | _way(one), one) for one in routes])


def _revive(netlink: Netlink, routes: t.Sequence[bytes]) -> t.Dict[int, int]:
    """Make routes anew of which a next hop is dead; that the kernel would take them is known.

    As long as a route is left that has the same next hops, a new one shares them, dead as they are
    (fib_find_info, net/ipv4/fib_semantics.c).
    """
    netlink.batch([message(RTM_DELROUTE, 0, one) for one in routes])
    return _add(netlink, routes)


def _without_source(route: bytes) -> bytes:
    return route[: _RTMSG.size] + b"".join(
        _again(kind, route[start:end])
        for kind, start, end in each(route, _RTMSG.size, len(route))
        if kind != RTA_PREFSRC
    )


def _way(route: bytes) -> int:
    # Of a multipath route that went through this device, the rest may still be there.
    return NLM_F_REPLACE if RTA_MULTIPATH in _kinds(route) else NLM_F_EXCL


def _by_gateway(route: bytes) -> bool:
    return not {RTA_GATEWAY, RTA_VIA, RTA_MULTIPATH}.isdisjoint(_kinds(route))


def _shown(route: bytes) -> str:
    """Return a route's destination and table for a message."""
    family, length, table = (_RTMSG.unpack_from(route)[place] for place in (0, 1, 4))
    found = {kind: (start, end) for kind, start, end in each(route, _RTMSG.size, len(route))}
    prefix = "0.0.0.0" if family == AF_INET else "::"
    if RTA_DST in found:
        prefix = address_at(route, *found[RTA_DST])
    if RTA_TABLE in found:
        table = u32_at(route, found[RTA_TABLE][0])
    return f"{prefix}/{length} of table {table}"


def _kinds(route: bytes) -> t.Set[int]:
    return {kind for kind, _start, _end in each(route, _RTMSG.size, len(route))}


def _routes(netlink: Netlink, index: int) -> t.Iterator[t.Tuple[bytes, bool]]:
    """Give the routes through a device as bodies of requests that would make them again.

    Beside each, whether it goes there no longer: where a route has other next hops, the kernel does
    not flush it, it marks those of the device as dead.
    """
    for family in (AF_INET, AF_INET6):
        body = _RTMSG.pack(family, 0, 0, 0, 0, 0, 0, 0, 0) + u32(RTA_OIF, index)
        for _kind, data, start, end in netlink.dump(RTM_GETROUTE, body):
            header = _RTMSG.unpack_from(data, start)
            if header[8] & RTM_F_CLONED or header[5] in KERNELS_OWN:
                continue
            route = _RTMSG.pack(*header[:8], header[8] & RTNH_F_KEPT)
            devices, dead = set(), False
            for kind, first, last in each(data, start + _RTMSG.size, end):
                payload = data[first:last]
                if kind == RTA_OIF:
                    devices.add(u32_at(data, first))
                elif kind == RTA_MULTIPATH:
                    hops = list(_hops(payload))
                    devices |= {hop[2] for hop in hops}
                    dead = any(bool(hop[0] & RTNH_F_DEAD) and hop[2] == index for hop in hops)
                    payload = _multipath(hops)
                elif kind in {RTA_CACHEINFO, RTA_NH_ID}:
                    continue  # counters; an object that the flush takes away
                route += _again(kind, payload)
            if index in devices:  # a kernel before 4.20 gives the others too
                yield route, dead


_Hop = t.Tuple[int, int, int, bytes]
"""A next hop of a multipath route: flags, weight, index of the device, attributes."""


def _hops(payload: bytes) -> t.Iterator[_Hop]:
    start = 0
    while start + _NEXTHOP.size <= len(payload):
        size, flags, weight, index = _NEXTHOP.unpack_from(payload, start)
        if size < _NEXTHOP.size:
            return
        attributes = [
            _again(kind, payload[first:last])
            for kind, first, last in each(payload, start + _NEXTHOP.size, start + size)
        ]
        yield flags, weight, index, b"".join(attributes)
        start += (size + 3) & ~3


def _again(kind: int, payload: bytes) -> bytes:
    """Pack an attribute of a dump for a request: the kernel wants a flag that it does not give."""
    return raw(kind | NLA_F_NESTED if kind == RTA_ENCAP else kind, payload)


def _multipath(hops: t.Iterable[_Hop]) -> bytes:
    return b"".join(
        _NEXTHOP.pack(_NEXTHOP.size + len(attributes), flags & RTNH_F_KEPT, weight, index)
        + attributes
        for flags, weight, index, attributes in hops
    )


def _renumbered(route: bytes, old: int, new: int) -> bytes:
    """Return a route through the device that has a new index."""
    if old == new:
        return route
    parts = [route[: _RTMSG.size]]
    for kind, start, end in each(route, _RTMSG.size, len(route)):
        payload = route[start:end]
        if kind == RTA_OIF and u32_at(route, start) == old:
            parts.append(u32(RTA_OIF, new))
        elif kind == RTA_MULTIPATH:
            hops = [(*hop[:2], new if hop[2] == old else hop[2], hop[3]) for hop in _hops(payload)]
            parts.append(raw(kind, _multipath(hops)))
        else:
            parts.append(_again(kind, payload))
    return b"".join(parts)
