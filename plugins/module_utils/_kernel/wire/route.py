# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about routes (struct rtmsg, RTA_*, include/uapi/linux/rtnetlink.h)."""

from __future__ import annotations

import socket
import struct
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    address,
    nested,
    raw,
    u16,
    u32,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import message
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    UNICAST,
    NextHop,
    Route,
)

RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE = 24, 25, 26
RTMSG = struct.Struct("=BBBBBBBBI")  # family, lengths, tos, table, protocol, scope, type, flags
RTNEXTHOP = struct.Struct("=HBBi")  # length, flags, weight less one, index
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}

RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PRIORITY, RTA_PREFSRC = 1, 4, 5, 6, 7
RTA_METRICS, RTA_MULTIPATH, RTA_TABLE, RTA_VIA = 8, 9, 15, 18
RTA_ENCAP_TYPE, RTA_ENCAP = 21, 22
RTAX_MTU, RTAX_CWND, RTAX_ADVMSS = 2, 7, 8
RTNH_F_ONLINK = 4
LWTUNNEL_ENCAP_XFRM, LWT_XFRM_IF_ID, LWT_XFRM_LINK = 10, 1, 2  # include/uapi/linux/lwtunnel.h

TYPES = {
    "unspec": 0,
    "unicast": 1,
    "local": 2,
    "broadcast": 3,
    "anycast": 4,
    "multicast": 5,
    "blackhole": 6,
    "unreachable": 7,
    "prohibit": 8,
    "throw": 9,
    "nat": 10,
}
SCOPES = {"global": 0, "site": 200, "link": 253, "host": 254, "nowhere": 255}
LOOPBACK = 1  # LOOPBACK_IFINDEX: IPv6 routes that go nowhere are on this device

IndexOf = t.Callable[[str], int]
"""The index of a device by its name."""


def add(route: Route, protocol: int, mark: int, flags: int, index_of: IndexOf) -> bytes:
    """Pack the request that adds a route; O(flags) say what may be there already.

    :raises OSError: a device is missing.
    """
    options = route.options
    scope = SCOPES[options.scope] if options.scope else 0
    parts = [_body(route, protocol, scope), *_hops(route, index_of)]
    if options.src:
        parts.append(raw(RTA_PREFSRC, address(options.src)))
    metrics = [
        u32(kind, value)
        for kind, value in (
            (RTAX_MTU, options.mtu),
            (RTAX_CWND, mark),
            (RTAX_ADVMSS, options.advmss),
        )
        if value
    ]
    if metrics:
        parts.append(nested(RTA_METRICS, *metrics))
    return message(RTM_NEWROUTE, flags, b"".join(parts))


def delete(route: Route, protocol: int, index_of: IndexOf) -> bytes:
    """Pack the request that removes exactly this route.

    :raises OSError: a device is missing, and its routes with it.
    """
    version = route.identity.version
    parts = [_body(route, protocol, SCOPES["nowhere"] if version == 4 else 0)]
    if route.type == UNICAST:
        parts += _hops(route, index_of, encap=False)
    elif version == 6:
        parts.append(u32(RTA_OIF, LOOPBACK))
    return message(RTM_DELROUTE, 0, b"".join(parts))


def dump_request(version: int, protocol: int = 0, table: int = 0) -> bytes:
    """Pack what a dump is narrowed to; 0 is any."""
    header = RTMSG.pack(FAMILIES[version], 0, 0, 0, 0, protocol, 0, 0, 0)
    return header + u32(RTA_TABLE, table) if table else header


def _body(route: Route, protocol: int, scope: int) -> bytes:
    version, table, dst, tos, metric = route.identity
    prefix, _slash, length = dst.rpartition("/")
    hops = route.hops
    flags = RTNH_F_ONLINK if len(hops) == 1 and hops[0].onlink else 0
    parts = [
        RTMSG.pack(
            FAMILIES[version],
            int(length),
            0,
            tos,
            table if table < 256 else 0,
            protocol,
            scope,
            TYPES[route.type],
            flags,
        ),
        raw(RTA_DST, address(prefix)),
        u32(RTA_TABLE, table),
    ]
    if metric:
        parts.append(u32(RTA_PRIORITY, metric))
    return b"".join(parts)


def _hops(route: Route, index_of: IndexOf, encap: bool = True) -> t.List[bytes]:
    hops = route.hops
    if len(hops) == 1:
        index = [u32(RTA_OIF, index_of(hops[0].dev))] if hops[0].dev else []
        return [*index, *_way(route, hops[0], index_of, encap)]
    if not hops:
        return []
    packed = []
    for hop in hops:
        attributes = b"".join(_way(route, hop, index_of, encap))
        head = RTNEXTHOP.pack(
            RTNEXTHOP.size + len(attributes),
            RTNH_F_ONLINK if hop.onlink else 0,
            hop.weight - 1,
            index_of(hop.dev) if hop.dev else 0,
        )
        packed.append(head + attributes)
    return [nested(RTA_MULTIPATH, *packed)]


def _way(route: Route, hop: NextHop, index_of: IndexOf, encap: bool) -> t.Iterator[bytes]:
    if hop.gateway and route.identity.version == 4 and ":" in hop.gateway:
        yield raw(RTA_VIA, struct.pack("=H", socket.AF_INET6) + address(hop.gateway))
    elif hop.gateway:
        yield raw(RTA_GATEWAY, address(hop.gateway))
    if hop.encap and encap:
        parts = [u32(LWT_XFRM_IF_ID, hop.encap.if_id)]
        if hop.encap.dev:
            parts.append(u32(LWT_XFRM_LINK, index_of(hop.encap.dev)))
        yield u16(RTA_ENCAP_TYPE, LWTUNNEL_ENCAP_XFRM)
        yield nested(RTA_ENCAP, *parts)
