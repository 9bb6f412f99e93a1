# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tunnel device as the user wants it: parsed and checked (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.inner import (
    parse_addresses,
    parse_description,
    parse_group,
    parse_mtu,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Sysctls,
    TunnelData,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.names import (
    check_device_name,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.outer import parse_data


@dataclass(frozen=True)
class Tunnel:
    """A wanted tunnel device; where O(present) is false only O(name) and O(target_netns) count.

    What is None is left as it is, also what is None in O(sysctls).
    """

    name: str
    present: bool = True
    data: TunnelData = field(default_factory=XfrmData)
    mtu: t.Optional[int] = None
    addresses: t.Optional[t.Tuple[str, ...]] = None
    addresses_exclusive: bool = True
    sysctls: Sysctls = field(default_factory=Sysctls)
    up: bool = True
    master: t.Optional[str] = None
    group: t.Optional[int] = None
    description: t.Optional[str] = None
    target_netns: str = ""

    @property
    def object(self) -> str:
        """How messages name it."""
        return f"tunnel {self.name}"


def parse_tunnel(entry: t.Mapping[str, t.Any]) -> Tunnel:
    """Return the tunnel device that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    name = check_device_name("tunnel", entry["name"])
    target_netns = entry.get("target_netns") or ""
    if entry["state"] == "absent":
        return Tunnel(name=name, present=False, target_netns=target_netns)
    what = f"tunnel {name}"
    data = parse_data(what, entry)
    if target_netns and not isinstance(data, XfrmData):
        raise InputError(
            f"{what}: target_netns '{target_netns}' with kind {data.kind}: expected kind xfrm, as"
            " only an XFRM interface keeps its SAs in the namespace where it was made; to make a"
            " VTI in another namespace use netns"
        )
    disable_policy = entry.get("disable_policy")
    if disable_policy is None and isinstance(data, VtiData):
        disable_policy = True
    addresses = parse_addresses(what, entry.get("addresses"))
    return Tunnel(
        name=name,
        data=data,
        mtu=parse_mtu(what, entry.get("mtu"), data.kind, addresses),
        addresses=addresses,
        addresses_exclusive=entry["addresses_exclusive"],
        sysctls=Sysctls(disable_policy, entry.get("forwarding"), entry.get("rp_filter")),
        up=entry["up"],
        master=_device(what, "master", entry.get("master")),
        group=parse_group(what, entry.get("group")),
        description=parse_description(what, entry.get("description")),
        target_netns=target_netns,
    )


def _device(what: str, option: str, value: t.Optional[str]) -> t.Optional[str]:
    return check_device_name(f"{what}: {option}", value) if value else value


def check_tunnels(tunnels: t.Sequence[Tunnel]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: two have the same name, endpoints or if_id, or two are external.
    """
    names: t.Set[t.Tuple[str, str]] = set()
    pairs: t.Dict[t.Tuple[str, ...], str] = {}
    for tunnel in tunnels:
        place = (tunnel.target_netns, tunnel.name)
        if place in names:
            raise InputError(f"{tunnel.object}: it is in the list twice; keep one entry")
        names.add(place)
        if not tunnel.present:
            continue
        pair = tunnel.data.pair
        if pair in pairs:
            raise InputError(
                f"{tunnel.object}: {describe_pair(tunnel.data)} is also that of tunnel"
                f" {pairs[pair]} in this list; {only_one(tunnel.data)}"
            )
        pairs[pair] = tunnel.name


def describe_pair(data: TunnelData) -> str:
    """Return in words what makes a tunnel device unique."""
    if isinstance(data, XfrmData):
        return "external" if data.external else f"if_id {data.if_id}"
    dev = f", dev {data.dev or '(none)'}" if data.kind == "vti" else ""
    return f"local {data.local}, remote {data.remote}{dev}"


def only_one(data: TunnelData) -> str:
    """Return in words the kernel's rule that two devices with the same pair break."""
    if isinstance(data, XfrmData):
        kept = "external device" if data.external else "XFRM interface for each if_id"
        return f"the kernel holds one {kept} in a namespace"
    return f"the kernel holds one {data.kind} for each, whatever the keys"
