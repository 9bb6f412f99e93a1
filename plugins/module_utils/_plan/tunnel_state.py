# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a tunnel device stands and where it should: what is compared, and what users see (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    EMPTY,
    SCRATCH_GROUPS,
    Kernel,
    Link,
    Sysctls,
    TunnelData,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.xfrm import XfrmPolicy
from ansible_collections.ipsec.strongswan.plugins.module_utils._owner import (
    description_of_link,
    link_mark,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy

State = t.Dict[str, t.Any]
SYSCTLS = ("disable_policy", "forwarding", "rp_filter")
ALIAS_MAX = 255  # IFALIASZ - 1, include/uapi/linux/if.h


@dataclass(frozen=True)
class Found:
    """What is there: the namespace of the call, those that devices are moved to, IPsec policies."""

    here: Kernel = EMPTY
    there: t.Mapping[str, Kernel] = field(default_factory=dict)
    policies: t.Tuple[XfrmPolicy, ...] = ()


@dataclass(frozen=True)
class Place:
    """A wanted device beside the one that stands in its place, if any does.

    O(link) is where it belongs, or, if O(to_move), still in the namespace of the call.
    O(addresses) are those of O(link). O(dev) is its underlay device as its own namespace knows it.
    """

    tunnel: Tunnel
    link: t.Optional[Link] = None
    addresses: t.Tuple[str, ...] = ()
    to_move: bool = False
    dev: str = ""

    @property
    def netns(self) -> str:
        """The namespace that O(link) is in, V("") where the call works."""
        return "" if self.to_move else self.tunnel.target_netns


def place_of(tunnel: Tunnel, found: Found) -> Place:
    """Find the device that stands in the place of a wanted one.

    :raises ConflictError: a device of that name is there and is no tunnel device.
    """
    here = found.here
    if tunnel.target_netns:
        there = found.there.get(tunnel.target_netns, EMPTY)
        link = there.links.get(tunnel.name)
        if link is not None:
            data = link.require_tunnel()
            addresses = there.addresses.get(link.index, ())
            return Place(tunnel, _from_here(link, data, here), addresses, dev=data.dev)
    link = here.links.get(tunnel.name)
    if link is None:
        return Place(tunnel)
    data = link.require_tunnel()
    addresses = here.addresses.get(link.index, ())
    return Place(tunnel, link, addresses, to_move=bool(tunnel.target_netns), dev=data.dev)


def _from_here(link: Link, data: TunnelData, here: Kernel) -> Link:
    """Name the underlay device of a moved device: its index counts where it was made."""
    for one in here.links.values():
        if data.dev == f"if{one.index}":
            return replace(link, data=replace(data, dev=one.name))
    return link


def wanted_alias(tunnel: Tunnel, link: t.Optional[Link], policy: Policy) -> str:
    """Return the mark and the description; a description that is not managed stays."""
    description = tunnel.description
    if description is None:
        description = description_of_link(link.alias) if link else ""
    alias = link_mark(policy.owner, description)
    return alias.encode()[:ALIAS_MAX].decode(errors="ignore").strip()


def wanted_addresses(place: Place) -> t.Tuple[str, ...]:
    """Return the addresses that the device will have, apart from their order."""
    tunnel = place.tunnel
    if tunnel.addresses is None:
        return place.addresses
    if tunnel.addresses_exclusive:
        return tunnel.addresses
    return (*tunnel.addresses, *(one for one in place.addresses if one not in tunnel.addresses))


def wanted_group(tunnel: Tunnel, link: t.Optional[Link]) -> int:
    """Return the link group; one of the scratch groups is never kept."""
    if tunnel.group is not None:
        return tunnel.group
    return 0 if link is None or link.group in SCRATCH_GROUPS else link.group


def wanted_sysctls(tunnel: Tunnel, found: Sysctls) -> t.Dict[str, t.Any]:
    """Return the managed sysctls that differ, with their wanted values."""
    return {
        name: value
        for name in SYSCTLS
        for value in (getattr(tunnel.sysctls, name),)
        if value is not None and value != getattr(found, name)
    }


def as_wanted(place: Place, policy: Policy) -> bool:
    """Whether nothing is to be done. It runs once for each device of a run, so it is plain."""
    tunnel, link = place.tunnel, place.link
    return (
        link is not None
        and not place.to_move
        and link.data == tunnel.data
        and link.up is tunnel.up
        and tunnel.mtu in (None, link.mtu)
        and tunnel.master in (None, link.master)
        and link.group == wanted_group(tunnel, link)
        and link.alias == wanted_alias(tunnel, link, policy)
        and (not tunnel.addresses_exclusive or _same(tunnel.addresses, place.addresses))
        and _within(tunnel.addresses, place.addresses)
        and not wanted_sysctls(tunnel, link.sysctls)
    )


def _same(wanted: t.Optional[t.Sequence[str]], found: t.Sequence[str]) -> bool:
    return wanted is None or len(wanted) == len(found)


def _within(wanted: t.Optional[t.Sequence[str]], found: t.Sequence[str]) -> bool:
    return wanted is None or set(found).issuperset(wanted)


def found_state(link: Link, addresses: t.Sequence[str], netns: str = "") -> State:
    """Return a device as a user reads it."""
    return {
        **_data_state(link.require_tunnel()),
        "mtu": link.mtu,
        "addresses": sorted(addresses),
        **{name: getattr(link.sysctls, name) for name in SYSCTLS},
        "up": link.up,
        "master": link.master,
        "group": link.group,
        "description": description_of_link(link.alias),
        "target_netns": netns,
        "owner": link.owner,
    }


def state_of(place: Place) -> t.Optional[State]:
    """Return the device that is there as a user reads it, or None."""
    if place.link is None:
        return None
    return found_state(place.link, place.addresses, place.netns)


def wanted_state(place: Place, policy: Policy) -> State:
    """Return a device as it will be; what is not managed stays as it is."""
    tunnel, link = place.tunnel, place.link
    state: State = {**_data_state(tunnel.data)}
    kept = link if link is not None else Link(0, tunnel.name)
    mtu = tunnel.mtu if tunnel.mtu is not None or link is None else link.mtu
    if mtu is not None:
        state["mtu"] = mtu
    state["addresses"] = sorted(wanted_addresses(place))
    for name in SYSCTLS:
        value = getattr(tunnel.sysctls, name)
        state[name] = getattr(kept.sysctls, name) if value is None else value
    state["up"] = tunnel.up
    state["master"] = kept.master if tunnel.master is None else tunnel.master
    state["group"] = wanted_group(tunnel, link)
    state["description"] = description_of_link(wanted_alias(tunnel, link, policy))
    state["target_netns"] = tunnel.target_netns
    state["owner"] = policy.owner
    return state


def asked_state(tunnel: Tunnel) -> State:
    """Return a device as it was asked for; None where it is not managed."""
    return {
        **_data_state(tunnel.data),
        "mtu": tunnel.mtu,
        "addresses": None if tunnel.addresses is None else list(tunnel.addresses),
        **{name: getattr(tunnel.sysctls, name) for name in SYSCTLS},
        "up": tunnel.up,
        "master": tunnel.master,
        "group": tunnel.group,
        "description": tunnel.description,
        "target_netns": tunnel.target_netns,
    }


def _data_state(data: TunnelData) -> State:
    if isinstance(data, VtiData):
        return {
            "kind": data.kind,
            "local": data.local,
            "remote": data.remote,
            "ikey": data.ikey,
            "okey": data.okey,
            "dev": data.dev,
            "fwmark": data.fwmark,
        }
    return {
        "kind": data.kind,
        "if_id": data.if_id,
        "external": data.external,
        "dev": data.dev,
    }
