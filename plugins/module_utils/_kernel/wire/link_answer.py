# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links out of a dump of rtnetlink.

It is read in place, and only as far as it is needed: it is the larger part of a run that changes
nothing. The sysctls come with it, so that /proc is not read at all.
"""

from __future__ import annotations

import struct
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    NLA_TYPE_MASK,
    address_at,
    be32_at,
    each,
    text_at,
    u32_at,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.link import (
    IFF_UP,
    IFINFO,
    IFLA_GROUP,
    IFLA_IFALIAS,
    IFLA_IFNAME,
    IFLA_INFO_DATA,
    IFLA_INFO_KIND,
    IFLA_LINKINFO,
    IFLA_MASTER,
    IFLA_MTU,
    IFLA_VTI_FWMARK,
    IFLA_VTI_IKEY,
    IFLA_VTI_LINK,
    IFLA_VTI_LOCAL,
    IFLA_VTI_OKEY,
    IFLA_VTI_REMOTE,
    IFLA_XFRM_COLLECT_METADATA,
    IFLA_XFRM_IF_ID,
    IFLA_XFRM_LINK,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import Answer
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    ANY,
    XFRM,
    Link,
    Sysctls,
    TunnelData,
    VtiData,
    XfrmData,
)

IFLA_AF_SPEC, IFLA_LINK_NETNSID = 26, 37
AF_INET, AF_INET6 = 2, 10
IFLA_INET_CONF, IFLA_INET6_CONF = 1, 2
# IPV4_DEVCONF_* less one, and DEVCONF_*: places in the kernel's arrays of settings.
INET_FORWARDING, INET_RP_FILTER, INET_NOPOLICY = 0, 7, 15
INET6_FORWARDING, INET6_DISABLE_POLICY = 0, 48

Names = t.Mapping[int, str]
Places = t.Mapping[int, t.Tuple[int, int]]

_ATTRIBUTE = struct.Struct("=HH")


def names(answers: t.Iterable[Answer]) -> t.Dict[int, str]:
    """Return the names of dumped links by index."""
    found = {}
    for _kind, data, start, end in answers:
        index = IFINFO.unpack_from(data, start)[2]
        for kind, value, value_end in each(data, start + IFINFO.size, end):
            if kind == IFLA_IFNAME:  # the first of all
                found[index] = text_at(data, value, value_end)
                break
    return found


def members(answers: t.Iterable[Answer], group: int) -> t.Dict[int, str]:
    """Return the names of the devices of a link group by index."""
    found = {}
    for _type, data, start, end in answers:
        at = _attributes(data, start + IFINFO.size, end)
        if IFLA_GROUP in at and u32_at(data, at[IFLA_GROUP][0]) == group:
            index = IFINFO.unpack_from(data, start)[2]
            found[index] = text_at(data, *at[IFLA_IFNAME])
    return found


def link(answer: Answer, others: Names) -> Link:
    """Decode a link; O(others) are the names of all links of the namespace."""
    _type, data, start, end = answer
    _family, _hardware, index, flags, _mask = IFINFO.unpack_from(data, start)
    at = _attributes(data, start + IFINFO.size, end)
    get = at.get
    kind = ""
    tunnel: t.Optional[TunnelData] = None
    info = get(IFLA_LINKINFO)
    if info is not None:
        inner = _attributes(data, info[0], info[1])
        if IFLA_INFO_KIND in inner:
            kind = text_at(data, *inner[IFLA_INFO_KIND])
        known = {} if IFLA_LINK_NETNSID in at else others
        if (kind in ANY or kind == XFRM) and IFLA_INFO_DATA in inner:
            tunnel = _tunnel(kind, data, _attributes(data, *inner[IFLA_INFO_DATA]), known)
    mtu, group, master, alias = get(IFLA_MTU), get(IFLA_GROUP), get(IFLA_MASTER), get(IFLA_IFALIAS)
    return Link(
        index=index,
        name=others[index],
        kind=kind,
        mtu=u32_at(data, mtu[0]) if mtu else 0,
        up=bool(flags & IFF_UP),
        alias=text_at(data, *alias) if alias else "",
        group=u32_at(data, group[0]) if group else 0,
        master=_name(u32_at(data, master[0]), others) if master else "",
        data=tunnel,
        sysctls=_sysctls(data, *at[IFLA_AF_SPEC]) if tunnel and IFLA_AF_SPEC in at else Sysctls(),
    )


def _attributes(data: bytes, start: int, end: int) -> t.Dict[int, t.Tuple[int, int]]:
    """Return where each attribute is; as a loop of its own, it is half of the time of a dump."""
    found = {}
    unpack = _ATTRIBUTE.unpack_from
    while start < end:
        size, kind = unpack(data, start)
        found[kind & NLA_TYPE_MASK] = (start + 4, start + size)
        start += (size + 3) & ~3 or 4
    return found


def _name(index: int, others: Names) -> str:
    return (others.get(index) or f"if{index}") if index else ""


def _tunnel(kind: str, data: bytes, at: Places, others: Names) -> TunnelData:
    def number(attribute: int) -> int:
        return u32_at(data, at[attribute][0]) if attribute in at else 0

    if kind == XFRM:
        return XfrmData(
            if_id=number(IFLA_XFRM_IF_ID),
            dev=_name(number(IFLA_XFRM_LINK), others),
            external=IFLA_XFRM_COLLECT_METADATA in at,
        )
    ends = [
        address_at(data, *at[attribute]) if attribute in at else ANY[kind]
        for attribute in (IFLA_VTI_LOCAL, IFLA_VTI_REMOTE)
    ]
    return VtiData(
        local=ends[0],
        remote=ends[1],
        ikey=be32_at(data, at[IFLA_VTI_IKEY][0]) if IFLA_VTI_IKEY in at else 0,
        okey=be32_at(data, at[IFLA_VTI_OKEY][0]) if IFLA_VTI_OKEY in at else 0,
        dev=_name(number(IFLA_VTI_LINK), others),
        fwmark=number(IFLA_VTI_FWMARK),
    )


def _sysctls(data: bytes, start: int, end: int) -> Sysctls:
    families = {kind: (first, last) for kind, first, last in each(data, start, end)}
    four = _settings(data, families.get(AF_INET), IFLA_INET_CONF)
    six = _settings(data, families.get(AF_INET6), IFLA_INET6_CONF)
    return Sysctls(
        disable_policy=_both(four(INET_NOPOLICY), six(INET6_DISABLE_POLICY)),
        forwarding=_both(four(INET_FORWARDING), six(INET6_FORWARDING)),
        rp_filter=four(INET_RP_FILTER),
    )


def _settings(
    data: bytes, family: t.Optional[t.Tuple[int, int]], array: int
) -> t.Callable[[int], t.Optional[int]]:
    """Return what reads a family's settings; a family that the device has not knows none."""
    places = [part for part in each(data, *family) if part[0] == array] if family else []

    def read(number: int) -> t.Optional[int]:
        for _kind, start, end in places:
            if start + 4 * number + 4 <= end:
                return u32_at(data, start + 4 * number)
        return None

    return read


def _both(four: t.Optional[int], six: t.Optional[int]) -> t.Optional[bool]:
    """Return what both families have; None if they differ. One that is off does not count."""
    values = {bool(value) for value in (four, six) if value is not None}
    return values.pop() if len(values) == 1 else None
