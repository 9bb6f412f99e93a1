# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Link requests of rtnetlink."""

from __future__ import annotations

import struct
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    address,
    be32,
    nested,
    raw,
    text,
    u32,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import (
    NLM_F_CREATE,
    NLM_F_EXCL,
    message,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    TunnelData,
    VtiData,
)

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK = 16, 17, 18, 19
IFF_UP = 0x1
IFLA_IFNAME, IFLA_MTU, IFLA_MASTER, IFLA_LINKINFO, IFLA_IFALIAS = 3, 4, 10, 18, 20
IFLA_GROUP, IFLA_NET_NS_FD, IFLA_EXT_MASK = 27, 28, 29
IFLA_INFO_KIND, IFLA_INFO_DATA = 1, 2
IFLA_VTI_LINK, IFLA_VTI_IKEY, IFLA_VTI_OKEY, IFLA_VTI_LOCAL, IFLA_VTI_REMOTE = 1, 2, 3, 4, 5
IFLA_VTI_FWMARK = 6
IFLA_XFRM_LINK, IFLA_XFRM_IF_ID, IFLA_XFRM_COLLECT_METADATA = 1, 2, 3
RTEXT_FILTER_SKIP_STATS = 0x8

IFINFO = struct.Struct("=BxHiII")
"""struct ifinfomsg: family, hardware type, index, flags, mask of the flags that change."""

DUMP = IFINFO.pack(0, 0, 0, 0, 0) + u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
"""The body of a request for all links, without their counters."""


def create(
    name: str, data: TunnelData, dev: int, group: int, mtu: t.Optional[int], index: int
) -> bytes:
    """Pack the request that makes a tunnel device; O(dev) is the index of its underlay device."""
    parts = [text(IFLA_IFNAME, name), u32(IFLA_GROUP, group), _info(data, dev)]
    if mtu is not None:
        parts.append(u32(IFLA_MTU, mtu))
    body = IFINFO.pack(0, 0, index, 0, 0) + b"".join(parts)
    return message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, body)


def change(
    index: int,
    data: t.Optional[t.Tuple[TunnelData, int]] = None,
    alias: t.Optional[str] = None,
    mtu: t.Optional[int] = None,
    group: t.Optional[int] = None,
    master: t.Optional[int] = None,
    up: t.Optional[bool] = None,
) -> bytes:
    """Pack the request that changes what is not None; O(data) goes with its underlay's index.

    RTM_NEWLINK alone takes O(data), but kernels before 5.19 take it for all devices of O(group) if
    there is none of this index: so the others go by RTM_SETLINK.
    """
    parts = []
    if data is not None:
        parts.append(_info(*data))
    if alias is not None:
        # Its length counts, and a lone NUL removes it (do_setlink, net/core/rtnetlink.c).
        parts.append(raw(IFLA_IFALIAS, alias.encode() or b"\0"))
    if mtu is not None:
        parts.append(u32(IFLA_MTU, mtu))
    if group is not None:
        parts.append(u32(IFLA_GROUP, group))
    if master is not None:
        parts.append(u32(IFLA_MASTER, master))
    header = IFINFO.pack(0, 0, index, IFF_UP if up else 0, 0 if up is None else IFF_UP)
    return message(RTM_SETLINK if data is None else RTM_NEWLINK, 0, header + b"".join(parts))


def move(index: int, namespace: int) -> bytes:
    """Pack the request that moves a device into the namespace of an open file."""
    return message(RTM_SETLINK, 0, IFINFO.pack(0, 0, index, 0, 0) + u32(IFLA_NET_NS_FD, namespace))


def delete(index: int) -> bytes:
    """Pack the request that removes a device."""
    return message(RTM_DELLINK, 0, IFINFO.pack(0, 0, index, 0, 0))


def delete_group(group: int) -> bytes:
    """Pack the request that removes all devices of a link group."""
    return message(RTM_DELLINK, 0, IFINFO.pack(0, 0, 0, 0, 0) + u32(IFLA_GROUP, group))


def _info(data: TunnelData, dev: int) -> bytes:
    if isinstance(data, VtiData):
        parts = [
            u32(IFLA_VTI_LINK, dev),
            be32(IFLA_VTI_IKEY, data.ikey),
            be32(IFLA_VTI_OKEY, data.okey),
            raw(IFLA_VTI_LOCAL, address(data.local)),
            raw(IFLA_VTI_REMOTE, address(data.remote)),
            u32(IFLA_VTI_FWMARK, data.fwmark),
        ]
    elif data.external:
        parts = [raw(IFLA_XFRM_COLLECT_METADATA, b"")]  # and nothing else (xfrmi_newlink)
    else:
        parts = [u32(IFLA_XFRM_IF_ID, data.if_id)]
        if dev:
            parts.append(u32(IFLA_XFRM_LINK, dev))
    return nested(IFLA_LINKINFO, text(IFLA_INFO_KIND, data.kind), nested(IFLA_INFO_DATA, *parts))
