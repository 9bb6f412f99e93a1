# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links out of a dump of rtnetlink.

It is read in place, and only as far as it is needed: it is the larger part of a run that changes
nothing. The sysctls come with it, so that /proc is not read at all.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    address_of,
    be32_at,
    each,
    text_at,
    text_of,
    u32_at,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.layout import Reader
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

UNKNOWN = Sysctls()

_LINK = Reader(
    IFLA_IFNAME,
    IFLA_MTU,
    IFLA_MASTER,
    IFLA_LINKINFO,
    IFLA_IFALIAS,
    IFLA_AF_SPEC,
    IFLA_GROUP,
    IFLA_LINK_NETNSID,
)
_INFO = Reader(IFLA_INFO_KIND, IFLA_INFO_DATA)
_VTI = Reader(
    IFLA_VTI_LINK,
    IFLA_VTI_IKEY,
    IFLA_VTI_OKEY,
    IFLA_VTI_LOCAL,
    IFLA_VTI_REMOTE,
    IFLA_VTI_FWMARK,
)
_XFRM = Reader(IFLA_XFRM_LINK, IFLA_XFRM_IF_ID, IFLA_XFRM_COLLECT_METADATA)
_FAMILIES = Reader(AF_INET, AF_INET6)
_INET = Reader(IFLA_INET_CONF)
_INET6 = Reader(IFLA_INET6_CONF)


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
        at = _LINK(data, start + IFINFO.size, end)
        if IFLA_GROUP in at and u32_at(at[IFLA_GROUP], 0) == group:
            found[IFINFO.unpack_from(data, start)[2]] = text_of(at[IFLA_IFNAME])
    return found


def link(answer: Answer, others: Names) -> Link:
    """Decode a link; O(others) are the names of all links of the namespace."""
    _type, data, start, end = answer
    _family, _hardware, index, flags, _mask = IFINFO.unpack_from(data, start)
    at = _LINK(data, start + IFINFO.size, end)
    kind = ""
    tunnel: t.Optional[TunnelData] = None
    if IFLA_LINKINFO in at:
        info = at[IFLA_LINKINFO]
        inner = _INFO(info, 0, len(info))
        kind = text_of(inner.get(IFLA_INFO_KIND, b""))
        if (kind in ANY or kind == XFRM) and IFLA_INFO_DATA in inner:
            # Of a device that was moved, the other's index counts where it was made.
            tunnel = _tunnel(kind, inner[IFLA_INFO_DATA], {} if IFLA_LINK_NETNSID in at else others)
    return Link(
        index=index,
        name=others[index],
        kind=kind,
        mtu=_number(at, IFLA_MTU),
        up=bool(flags & IFF_UP),
        alias=text_of(at.get(IFLA_IFALIAS, b"")),
        group=_number(at, IFLA_GROUP),
        master=_name(_number(at, IFLA_MASTER), others),
        data=tunnel,
        sysctls=_sysctls(at[IFLA_AF_SPEC]) if tunnel and IFLA_AF_SPEC in at else UNKNOWN,
    )


def _number(at: t.Mapping[int, bytes], kind: int) -> int:
    return u32_at(at[kind], 0) if kind in at else 0


def _name(index: int, others: Names) -> str:
    return (others.get(index) or f"if{index}") if index else ""


def _tunnel(kind: str, data: bytes, others: Names) -> TunnelData:
    if kind == XFRM:
        at = _XFRM(data, 0, len(data))
        return XfrmData(
            if_id=_number(at, IFLA_XFRM_IF_ID),
            dev=_name(_number(at, IFLA_XFRM_LINK), others),
            external=IFLA_XFRM_COLLECT_METADATA in at,
        )
    at = _VTI(data, 0, len(data))
    local, remote = at.get(IFLA_VTI_LOCAL), at.get(IFLA_VTI_REMOTE)
    return VtiData(
        local=address_of(local) if local else ANY[kind],
        remote=address_of(remote) if remote else ANY[kind],
        ikey=be32_at(at[IFLA_VTI_IKEY], 0) if IFLA_VTI_IKEY in at else 0,
        okey=be32_at(at[IFLA_VTI_OKEY], 0) if IFLA_VTI_OKEY in at else 0,
        dev=_name(_number(at, IFLA_VTI_LINK), others),
        fwmark=_number(at, IFLA_VTI_FWMARK),
    )


def _sysctls(data: bytes) -> Sysctls:
    families = _FAMILIES(data, 0, len(data))
    four = _settings(families.get(AF_INET), _INET, IFLA_INET_CONF)
    six = _settings(families.get(AF_INET6), _INET6, IFLA_INET6_CONF)
    return Sysctls(
        disable_policy=_both(_setting(four, INET_NOPOLICY), _setting(six, INET6_DISABLE_POLICY)),
        forwarding=_both(_setting(four, INET_FORWARDING), _setting(six, INET6_FORWARDING)),
        rp_filter=_setting(four, INET_RP_FILTER),
    )


def _settings(family: t.Optional[bytes], reader: Reader, array: int) -> bytes:
    """Return a family's array of settings, empty if the device has not that family."""
    return reader(family, 0, len(family)).get(array, b"") if family else b""


def _setting(array: bytes, number: int) -> t.Optional[int]:
    return u32_at(array, 4 * number) if 4 * number < len(array) else None


def _both(four: t.Optional[int], six: t.Optional[int]) -> t.Optional[bool]:
    """Return what both families have; None if they differ. One that is off does not count."""
    if four is None or six is None:
        known = six if four is None else four
        return None if known is None else bool(known)
    return bool(four) if bool(four) is bool(six) else None
