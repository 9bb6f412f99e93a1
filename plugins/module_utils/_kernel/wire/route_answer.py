# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes out of a dump of rtnetlink, read in place."""

from __future__ import annotations

import socket
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    address_at,
    each,
    u16_at,
    u32_at,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Answer
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.route import (
    LWT_XFRM_IF_ID,
    LWT_XFRM_LINK,
    LWTUNNEL_ENCAP_XFRM,
    RTA_DST,
    RTA_ENCAP,
    RTA_ENCAP_TYPE,
    RTA_GATEWAY,
    RTA_METRICS,
    RTA_MULTIPATH,
    RTA_OIF,
    RTA_PREFSRC,
    RTA_PRIORITY,
    RTA_TABLE,
    RTA_VIA,
    RTAX_ADVMSS,
    RTAX_CWND,
    RTAX_MTU,
    RTMSG,
    RTNEXTHOP,
    RTNH_F_ONLINK,
    SCOPES,
    TYPES,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.nexthop import sort_hops
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.route import (
    UNICAST,
    Encap,
    FoundRoute,
    NextHop,
    Route,
    RouteIdentity,
    RouteOptions,
)

RTM_F_CLONED = 0x200  # cached, not configured
RT_TABLE_LOCAL = 255
RTPROT_KERNEL = 2
VERSIONS = {socket.AF_INET: 4, socket.AF_INET6: 6}
UNSPECIFIED = {4: "0.0.0.0", 6: "::"}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
SCOPE_NAMES = {number: name for name, number in SCOPES.items()}
METRICS = {RTAX_MTU: 0, RTAX_CWND: 1, RTAX_ADVMSS: 2}

Names = t.Mapping[int, str]
Span = t.Tuple[int, int]
Way = t.Dict[int, Span]


def route(answer: Answer, names: Names) -> t.Optional[FoundRoute]:
    """Return a route that somebody configured, or None for another one.

    Those that depend on the source address (RTA_SRC) are passed over: no route of ours is one, and
    they stand in no place where ours could.
    """
    _kind, data, start, end = answer
    family, length, source, tos, table, protocol, scope, kind, flags = RTMSG.unpack_from(
        data, start
    )
    version = VERSIONS.get(family)
    if version is None or source or flags & RTM_F_CLONED:
        return None
    way: Way = {
        attribute: (value, value_end)
        for attribute, value, value_end in each(data, start + RTMSG.size, end)
    }
    if RTA_TABLE in way:
        table = u32_at(data, way[RTA_TABLE][0])
    if table == RT_TABLE_LOCAL and protocol == RTPROT_KERNEL:
        return None  # one for each address
    type_name = TYPE_NAMES.get(kind, str(kind))
    prefix = address_at(data, *way[RTA_DST]) if RTA_DST in way else UNSPECIFIED[version]
    metric = u32_at(data, way[RTA_PRIORITY][0]) if RTA_PRIORITY in way else 0
    mtu, mark, advmss = _metrics(data, way)
    return FoundRoute(
        Route(
            RouteIdentity(version, table, f"{prefix}/{length}", tos, metric),
            type_name,
            _hops(data, way, flags, names) if _goes_somewhere(type_name) else (),
            RouteOptions(
                address_at(data, *way[RTA_PREFSRC]) if RTA_PREFSRC in way else "",
                SCOPE_NAMES.get(scope, str(scope)) if version == 4 else "",
                mtu,
                advmss,
            ),
        ),
        protocol,
        mark,
    )


def _goes_somewhere(type_name: str) -> bool:
    """Whether a route has a device of its own; IPv6 names loopback for those that have none."""
    return type_name == UNICAST or TYPES.get(type_name, 0) < TYPES["blackhole"]


def _metrics(data: bytes, way: Way) -> t.List[int]:
    found = [0, 0, 0]
    if RTA_METRICS in way:
        for kind, value, _end in each(data, *way[RTA_METRICS]):
            if kind in METRICS:
                found[METRICS[kind]] = u32_at(data, value)
    return found


def _hops(data: bytes, way: Way, flags: int, names: Names) -> t.Tuple[NextHop, ...]:
    if RTA_MULTIPATH not in way:
        index = u32_at(data, way[RTA_OIF][0]) if RTA_OIF in way else 0
        hop = _hop(data, way, index, flags, 1, names)
        return (hop,) if hop.dev or hop.gateway else ()
    hops = []
    offset, end = way[RTA_MULTIPATH]
    while offset + RTNEXTHOP.size <= end:
        size, hop_flags, weight, index = RTNEXTHOP.unpack_from(data, offset)
        if size < RTNEXTHOP.size:
            break
        attributes: Way = {
            kind: (value, value_end)
            for kind, value, value_end in each(data, offset + RTNEXTHOP.size, offset + size)
        }
        hops.append(_hop(data, attributes, index, hop_flags, weight + 1, names))
        offset += (size + 3) & ~3
    return sort_hops(hops)


def _hop(data: bytes, way: Way, index: int, flags: int, weight: int, names: Names) -> NextHop:
    gateway = ""
    if RTA_GATEWAY in way:
        gateway = address_at(data, *way[RTA_GATEWAY])
    elif RTA_VIA in way:
        start, end = way[RTA_VIA]
        gateway = address_at(data, start + 2, end)  # after the family
    return NextHop(
        _name(index, names),
        gateway,
        weight,
        bool(flags & RTNH_F_ONLINK),
        _encap(data, way, names),
    )


def _encap(data: bytes, way: Way, names: Names) -> t.Optional[Encap]:
    if RTA_ENCAP not in way or RTA_ENCAP_TYPE not in way:
        return None
    if u16_at(data, way[RTA_ENCAP_TYPE][0]) != LWTUNNEL_ENCAP_XFRM:
        return Encap(0)  # of another type: not one that is wanted here
    numbers = {kind: u32_at(data, value) for kind, value, _end in each(data, *way[RTA_ENCAP])}
    return Encap(numbers.get(LWT_XFRM_IF_ID, 0), _name(numbers.get(LWT_XFRM_LINK, 0), names))


def _name(index: int, names: Names) -> str:
    return names.get(index, f"if{index}") if index else ""
