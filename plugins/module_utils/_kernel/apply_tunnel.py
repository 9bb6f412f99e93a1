# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply the steps of a plan for tunnel devices."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import KernelError
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.session import request
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.sysctl import (
    write_disable_policy,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    UNFINISHED_GROUP,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    ChangeLink,
    CreateLink,
    DeleteLink,
    RemoveAddress,
    SetDisablePolicy,
    TunnelStep,
)

KIND = "vti"

Attributes = t.Dict[str, t.Any]


def apply_step(ipr: t.Any, step: TunnelStep) -> None:
    """Apply one step.

    :raises KernelError: the kernel refused it.
    """
    if isinstance(step, SetDisablePolicy):
        write_disable_policy(step.name, step.value)
        return
    with request(f"tunnel {step.name}: {_verb(step)}"):
        if isinstance(step, CreateLink):
            _create(ipr, step)
        elif isinstance(step, ChangeLink):
            ipr.link("set", **_change(step))
        elif isinstance(step, DeleteLink):
            ipr.link("del", index=step.index)
        elif isinstance(step, AddAddress):
            ipr.addr("add", **_address(ipr, step))
        else:
            ipr.addr("del", **_address(ipr, step))


def _verb(step: TunnelStep) -> str:
    if isinstance(step, AddAddress):
        return f"add address {step.address}"
    if isinstance(step, RemoveAddress):
        return f"remove address {step.address}"
    if isinstance(step, CreateLink):
        return "create"
    return "remove" if isinstance(step, DeleteLink) else "change"


def _create(ipr: t.Any, step: CreateLink) -> None:
    attributes = {"ifname": step.name, "group": UNFINISHED_GROUP, **_data(step.data)}
    if step.mtu is not None:
        attributes["mtu"] = step.mtu
    ipr.link("add", **attributes)
    # The kernel takes no alias when it makes a link (rtnl_create_link, net/core/rtnetlink.c).
    finish = ChangeLink(_index(ipr, step.name), step.name, alias=step.alias, up=step.up, group=0)
    ipr.link("set", **_change(finish))


def _index(ipr: t.Any, name: str) -> int:
    links = list(ipr.link("get", ifname=name))
    if not links:
        raise KernelError(f"tunnel {name}: it vanished while it was worked on; run again")
    index: int = links[0]["index"]
    return index


def _change(step: ChangeLink) -> Attributes:
    attributes: Attributes = {"index": step.index}
    if step.data is not None:
        attributes.update(_data(step.data))
    if step.alias is not None:
        attributes["ifalias"] = step.alias
    if step.mtu is not None:
        attributes["mtu"] = step.mtu
    if step.group is not None:
        attributes["group"] = step.group
    if step.up is not None:
        attributes["state"] = "up" if step.up else "down"
    return attributes


def _data(data: VtiData) -> Attributes:
    return {
        "kind": KIND,
        "vti_local": data.local,
        "vti_remote": data.remote,
        "vti_ikey": data.ikey,
        "vti_okey": data.okey,
        "vti_link": data.link,
    }


def _address(ipr: t.Any, step: t.Union[AddAddress, RemoveAddress]) -> Attributes:
    interface = ipaddress.ip_interface(step.address)
    return {
        "index": _index(ipr, step.name),
        "address": str(interface.ip),
        "prefixlen": interface.network.prefixlen,
        "family": 2 if interface.version == 4 else 10,  # AF_INET, AF_INET6 on Linux
    }
