# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read links, addresses and routes: one dump for each table, whatever the number of objects."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.sysctl import (
    read_disable_policy,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Kernel,
    Link,
    VtiData,
)

IFF_UP = 0x1
RT_SCOPE_LINK = 253


def read_links(ipr: t.Any) -> t.Dict[str, Link]:
    """Return all links by name: one dump."""
    links = (_link(message) for message in ipr.get_links())
    return {link.name: link for link in links}


def read_tunnels(ipr: t.Any) -> Kernel:
    """Return all links, and the addresses and sysctls of the VTIs among them: two dumps."""
    links = read_links(ipr)
    tunnels = {link.index: link.name for link in links.values() if link.vti is not None}
    found: t.Dict[int, t.List[str]] = {}
    for message in ipr.get_addr() if tunnels else ():
        if message["index"] in tunnels and not _made_by_kernel(message):
            # With a peer, IFA_ADDRESS is the peer's and IFA_LOCAL ours.
            address = message.get_attr("IFA_LOCAL") or message.get_attr("IFA_ADDRESS")
            found.setdefault(message["index"], []).append(
                str(ipaddress.ip_interface(f"{address}/{message['prefixlen']}"))
            )
    return Kernel(
        links=links,
        addresses={index: tuple(addresses) for index, addresses in found.items()},
        policy_off={
            name: value
            for name, value in ((name, read_disable_policy(name)) for name in tunnels.values())
            if value is not None
        },
    )


def _made_by_kernel(message: t.Any) -> bool:
    address = ipaddress.ip_address(message.get_attr("IFA_ADDRESS"))
    return address.version == 6 and address.is_link_local and message["scope"] == RT_SCOPE_LINK


def _link(message: t.Any) -> Link:
    info = message.get_attr("IFLA_LINKINFO")
    kind = info.get_attr("IFLA_INFO_KIND") if info is not None else None
    return Link(
        index=message["index"],
        name=message.get_attr("IFLA_IFNAME"),
        kind=kind or "",
        mtu=message.get_attr("IFLA_MTU") or 0,
        up=bool(message["flags"] & IFF_UP),
        alias=message.get_attr("IFLA_IFALIAS") or "",
        group=message.get_attr("IFLA_GROUP") or 0,
        vti=_vti(info) if kind == "vti" else None,
    )


def _vti(info: t.Any) -> t.Optional[VtiData]:
    data = info.get_attr("IFLA_INFO_DATA")
    if data is None:
        return None
    return VtiData(
        local=data.get_attr("IFLA_VTI_LOCAL") or "0.0.0.0",
        remote=data.get_attr("IFLA_VTI_REMOTE") or "0.0.0.0",
        ikey=data.get_attr("IFLA_VTI_IKEY") or 0,
        okey=data.get_attr("IFLA_VTI_OKEY") or 0,
        link=data.get_attr("IFLA_VTI_LINK") or 0,
    )
