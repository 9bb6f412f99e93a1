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
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.layout import (
    Path,
    Reader,
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

UNKNOWN = Sysctls()

NAME, MTU, MASTER, ALIAS = (IFLA_IFNAME,), (IFLA_MTU,), (IFLA_MASTER,), (IFLA_IFALIAS,)
GROUP, OTHER_NAMESPACE = (IFLA_GROUP,), (IFLA_LINK_NETNSID,)
KIND = (IFLA_LINKINFO, IFLA_INFO_KIND)
# The numbers of the attributes of a vti and of an xfrm overlap.
DATA = tuple((IFLA_LINKINFO, IFLA_INFO_DATA, kind) for kind in range(IFLA_VTI_FWMARK + 1))
INET = (IFLA_AF_SPEC, AF_INET, IFLA_INET_CONF)
INET6 = (IFLA_AF_SPEC, AF_INET6, IFLA_INET6_CONF)

_read = Reader(NAME, MTU, MASTER, ALIAS, GROUP, OTHER_NAMESPACE, KIND, *DATA[1:], INET, INET6)


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
        at = _read(data, start + IFINFO.size, end)
        if _number(at, GROUP) == group:
            found[IFINFO.unpack_from(data, start)[2]] = text_of(at[NAME])
    return found


def link(answer: Answer, others: Names, *, sysctls: bool = True) -> Link:
    """Decode a link; O(others) are the names of all links of the namespace."""
    _type, data, start, end = answer
    _family, _hardware, index, flags, _mask = IFINFO.unpack_from(data, start)
    at = _read(data, start + IFINFO.size, end)
    kind = text_of(at[KIND]) if KIND in at else ""
    tunnel: t.Optional[TunnelData] = None
    if kind in ANY or kind == XFRM:
        # Of a device that was moved, the other's index counts where it was made.
        tunnel = _tunnel(kind, at, {} if OTHER_NAMESPACE in at else others)
    return Link(
        index,
        others[index],
        kind,
        _number(at, MTU),
        bool(flags & IFF_UP),
        text_of(at[ALIAS]) if ALIAS in at else "",
        _number(at, GROUP),
        _name(_number(at, MASTER), others) if MASTER in at else "",
        tunnel,
        _sysctls(at.get(INET, b""), at.get(INET6, b"")) if tunnel and sysctls else UNKNOWN,
    )


def _number(at: t.Mapping[Path, bytes], path: Path) -> int:
    return u32_at(at[path], 0) if path in at else 0


def _name(index: int, others: Names) -> str:
    return (others.get(index) or f"if{index}") if index else ""


def _tunnel(kind: str, at: t.Mapping[Path, bytes], others: Names) -> TunnelData:
    if kind == XFRM:
        return XfrmData(
            _number(at, DATA[IFLA_XFRM_IF_ID]),
            _name(_number(at, DATA[IFLA_XFRM_LINK]), others),
            DATA[IFLA_XFRM_COLLECT_METADATA] in at,
        )
    local, remote = at.get(DATA[IFLA_VTI_LOCAL]), at.get(DATA[IFLA_VTI_REMOTE])
    ikey, okey = at.get(DATA[IFLA_VTI_IKEY]), at.get(DATA[IFLA_VTI_OKEY])
    return VtiData(
        address_of(local) if local else ANY[kind],
        address_of(remote) if remote else ANY[kind],
        be32_at(ikey, 0) if ikey else 0,
        be32_at(okey, 0) if okey else 0,
        _name(_number(at, DATA[IFLA_VTI_LINK]), others),
        _number(at, DATA[IFLA_VTI_FWMARK]),
    )


def _sysctls(four: bytes, six: bytes) -> Sysctls:
    """Return the settings of both families' arrays; one that the device has not is empty."""
    return Sysctls(
        _both(_setting(four, INET_NOPOLICY), _setting(six, INET6_DISABLE_POLICY)),
        _both(_setting(four, INET_FORWARDING), _setting(six, INET6_FORWARDING)),
        _setting(four, INET_RP_FILTER),
    )


def _setting(array: bytes, number: int) -> t.Optional[int]:
    return u32_at(array, 4 * number) if 4 * number < len(array) else None


def _both(four: t.Optional[int], six: t.Optional[int]) -> t.Optional[bool]:
    """Return what both families have; None if they differ. One that is off does not count."""
    if four is None or six is None:
        known = six if four is None else four
        return None if known is None else bool(known)
    return bool(four) if bool(four) is bool(six) else None
