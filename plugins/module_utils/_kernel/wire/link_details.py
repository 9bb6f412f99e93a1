# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a report shows of a link besides its attributes: counters, state, sysctls by family."""

from __future__ import annotations

import struct
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    each,
    u32_at,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.link import IFINFO
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.link_answer import (
    AF_INET,
    AF_INET6,
    IFLA_AF_SPEC,
    IFLA_INET6_CONF,
    IFLA_INET_CONF,
    IFLA_LINK_NETNSID,
    INET6_DISABLE_POLICY,
    INET6_FORWARDING,
    INET_FORWARDING,
    INET_NOPOLICY,
    INET_RP_FILTER,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Answer
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel_info import (
    Counters,
    FamilySettings,
    LinkDetails,
)

IFLA_OPERSTATE, IFLA_STATS64 = 16, 23
IFF_LOWER_UP = 0x10000
INET_NOXFRM = 14  # IPV4_DEVCONF_NOXFRM less one
OPERSTATES = (
    "unknown",
    "notpresent",
    "down",
    "lowerlayerdown",
    "testing",
    "dormant",
    "up",
)  # RFC 2863, include/uapi/linux/if.h

DUMP = IFINFO.pack(0, 0, 0, 0, 0)
"""The body of a request for all links, with their counters."""

_COUNTERS = struct.Struct("=8Q")  # the first members of struct rtnl_link_stats64


def details(answer: Answer) -> LinkDetails:
    """Decode the details of a link."""
    _type, data, start, end = answer
    flags = IFINFO.unpack_from(data, start)[3]
    operstate, moved, counters = 0, False, Counters()
    families: t.Dict[int, t.Tuple[int, ...]] = {}
    for kind, value, value_end in each(data, start + IFINFO.size, end):
        if kind == IFLA_OPERSTATE:
            operstate = data[value]
        elif kind == IFLA_LINK_NETNSID:
            moved = True
        elif kind == IFLA_STATS64:
            counters = Counters(*_COUNTERS.unpack_from(data, value))
        elif kind == IFLA_AF_SPEC:
            families = _families(data, value, value_end)
    return LinkDetails(
        OPERSTATES[operstate] if operstate < len(OPERSTATES) else str(operstate),
        bool(flags & IFF_LOWER_UP),
        moved,
        counters,
        _four(families.get(AF_INET, ())),
        _six(families.get(AF_INET6, ())),
    )


def _families(data: bytes, start: int, end: int) -> t.Dict[int, t.Tuple[int, ...]]:
    """Return the array of settings of each family."""
    arrays = {AF_INET: IFLA_INET_CONF, AF_INET6: IFLA_INET6_CONF}
    return {
        family: tuple(u32_at(data, at) for at in range(value, value_end - 3, 4))
        for family, first, last in each(data, start, end)
        for kind, value, value_end in each(data, first, last)
        if kind == arrays.get(family)
    }


def _four(values: t.Tuple[int, ...]) -> t.Optional[FamilySettings]:
    if len(values) <= INET_NOPOLICY:
        return None
    return FamilySettings(
        disable_policy=bool(values[INET_NOPOLICY]),
        forwarding=bool(values[INET_FORWARDING]),
        disable_xfrm=bool(values[INET_NOXFRM]),
        rp_filter=values[INET_RP_FILTER],
    )


def _six(values: t.Tuple[int, ...]) -> t.Optional[FamilySettings]:
    if len(values) <= INET6_DISABLE_POLICY:
        return None
    return FamilySettings(
        disable_policy=bool(values[INET6_DISABLE_POLICY]),
        forwarding=bool(values[INET6_FORWARDING]),
    )
