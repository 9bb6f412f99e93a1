# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan one tunnel device: change it in place, or make it anew (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    ANY,
    Link,
    TunnelData,
    VtiData,
    XfrmData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    differences,
    show,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_addresses import (
    address_steps,
    lose_routes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import (
    Place,
    state_of,
    wanted_addresses,
    wanted_alias,
    wanted_group,
    wanted_state,
    wanted_sysctls,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    ChangeLink,
    CreateLink,
    DeleteLink,
    Keep,
    MoveLink,
    PutBack,
    SetSysctl,
    TunnelStep,
)

TunnelChange = Change[TunnelStep]


def why_recreate(found: TunnelData, wanted: TunnelData) -> str:
    """Return why the kernel cannot change a device in place, or V("") if it can."""
    if found.kind != wanted.kind:
        return f"the kernel cannot change kind {found.kind} into {wanted.kind}"
    if isinstance(found, VtiData) and isinstance(wanted, VtiData):
        # ip_tunnel_changelink compares IFF_POINTOPOINT; vti6_changelink does not.
        unset = ANY["vti"]
        if found.kind == "vti" and (found.remote == unset) != (wanted.remote == unset):
            return (
                f"remote is {show_endpoint(found.remote)}, wanted {show_endpoint(wanted.remote)},"
                " and the kernel cannot change a vti between any and an address"
            )
    if isinstance(found, XfrmData) and isinstance(wanted, XfrmData) and found != wanted:
        # xfrmi_changelink, net/xfrm/xfrm_interface_core.c
        if found.external or wanted.external:
            return "the kernel cannot change external, or anything on an external device"
        if found.dev != wanted.dev:
            return (
                f"dev is {show(found.dev)}, wanted {show(wanted.dev)}, and the kernel cannot"
                " change it on an XFRM interface"
            )
    return ""


def show_endpoint(address: str) -> str:
    """Return an endpoint as users write it."""
    return "any" if address in ANY.values() else address


def change(place: Place, policy: Policy) -> t.List[TunnelChange]:
    """Return the change that a device needs which is not as wanted."""
    if place.link is None:
        return create(place, policy, reason="it does not exist")
    reason = why_recreate(place.link.require_tunnel(), place.tunnel.data)
    if reason:
        check_recreate(place.tunnel, policy, reason)
        return create(place, policy, reason=reason)
    return [_in_place(place, place.link, policy)]


def _in_place(place: Place, link: Link, policy: Policy) -> TunnelChange:
    tunnel = place.tunnel
    before, after = state_of(place) or {}, wanted_state(place, policy)
    actions: t.List[Action] = []
    if link.owner != policy.owner:
        actions.append(Action("adopt", f"owner is {show(link.owner)}, wanted {policy.owner}"))
    different = differences({**before, "owner": after["owner"]}, after)
    actions += [Action("change", reason) for reason in different]
    steps: t.List[TunnelStep] = []
    master = None if tunnel.master in (None, link.master) else tunnel.master
    # do_set_master closes and opens the device (cycle_netdev, drivers/net/vrf.c)
    cycled = master is not None and not place.to_move
    addresses = address_steps(place, link, cycled=cycled)
    flushed = cycled or (tunnel.up and lose_routes(addresses))
    if flushed:
        steps.append(Keep(link.index, link.name, place.netns))
    steps += _link_steps(place, link, policy, master)
    steps += _moving_steps(place, link.index)
    steps += addresses
    if flushed:
        steps.append(PutBack(link.name, place.netns))
    steps += _sysctl_steps(place, fresh=place.to_move)
    return Change(tunnel.object, tuple(actions), before, after, tuple(steps))


def create(
    place: Place, policy: Policy, *, reason: str, removed: bool = False
) -> t.List[TunnelChange]:
    """Return the change that makes a device, removing first the one that is there.

    What is not managed is taken over from it. O(removed) says that an earlier change of the same
    plan removes it already.
    """
    tunnel, link = place.tunnel, place.link
    delete = link is not None and not removed
    steps: t.List[TunnelStep] = []
    if link is not None and delete:
        steps += remove_steps(link, place.netns, comes_back=not place.to_move)
    steps.append(
        CreateLink(
            tunnel.name,
            tunnel.data,
            wanted_alias(tunnel, link, policy),
            tunnel.up and not tunnel.target_netns,
            tunnel.mtu if tunnel.mtu is not None or link is None else link.mtu,
            wanted_group(tunnel, link),
            "" if tunnel.target_netns else _master(place),
            link.index if link is not None and not place.netns else 0,
        )
    )
    steps += _moving_steps(place, 0)
    steps += [AddAddress(tunnel.name, one, tunnel.target_netns) for one in wanted_addresses(place)]
    if link is not None and not place.to_move:
        steps.append(PutBack(tunnel.name, tunnel.target_netns))
    steps += _sysctl_steps(place, fresh=True)
    before = state_of(place) if delete else None
    action = Action("recreate" if delete else "create", reason)
    return [Change(tunnel.object, (action,), before, wanted_state(place, policy), tuple(steps))]


def remove_steps(link: Link, netns: str, *, comes_back: bool) -> t.List[TunnelStep]:
    """Return the steps that remove a device; O(comes_back) says that it will be where it was."""
    keep: t.List[TunnelStep] = []
    if comes_back:
        keep.append(Keep(link.index, link.name, netns))
    return [*keep, DeleteLink(link.index, link.name, netns)]


def check_recreate(tunnel: Tunnel, policy: Policy, reason: str) -> None:
    """Accept that a device is removed and made anew.

    :raises ConflictError: O(recreate=never).
    """
    if policy.recreate == "never":
        raise ConflictError(
            f"{tunnel.object}: it must be made anew, as {reason}, and recreate is 'never';"
            " allow it with recreate: when_needed (traffic stops for a moment)"
        )


def _master(place: Place) -> str:
    if place.tunnel.master is not None:
        return place.tunnel.master
    return place.link.master if place.link is not None and not place.to_move else ""


def _moving_steps(place: Place, index: int) -> t.List[TunnelStep]:
    """Return the steps that move a device; in the new namespace it comes up by itself no more."""
    tunnel = place.tunnel
    if not tunnel.target_netns or (place.link is not None and not place.to_move and index):
        return []
    netns = tunnel.target_netns
    return [
        MoveLink(index, tunnel.name, netns),
        ChangeLink(
            0,
            tunnel.name,
            mtu=tunnel.mtu,
            up=tunnel.up or None,
            master=_master(place) or None,
            netns=netns,
        ),
    ]


def _link_steps(
    place: Place, link: Link, policy: Policy, master: t.Optional[str]
) -> t.List[TunnelStep]:
    tunnel = place.tunnel
    alias = wanted_alias(tunnel, link, policy)
    group = wanted_group(tunnel, link)
    data = tunnel.data if link.data != tunnel.data else None
    mtu = None if tunnel.mtu in (None, link.mtu) else tunnel.mtu
    if data is not None:
        mtu = link.mtu if mtu is None else mtu
        data = replace(data, dev=place.dev) if place.netns else data
    step = ChangeLink(
        link.index,
        link.name,
        data,
        alias if alias != link.alias else None,
        mtu,
        None if link.up == tunnel.up or place.to_move else tunnel.up,
        group if group != link.group else None,
        None if place.to_move else master,
        place.netns,
    )
    nothing = ChangeLink(link.index, link.name, netns=place.netns)
    return [] if step == nothing else [step]


def _sysctl_steps(place: Place, *, fresh: bool) -> t.List[TunnelStep]:
    tunnel, link = place.tunnel, place.link
    wanted = tunnel.sysctls
    if link is None or fresh:
        values = {
            "disable_policy": wanted.disable_policy,
            "forwarding": wanted.forwarding,
            "rp_filter": wanted.rp_filter,
        }
    else:
        values = wanted_sysctls(tunnel, link.sysctls)
    netns = tunnel.target_netns
    return [
        SetSysctl(tunnel.name, name, int(value), netns)
        for name, value in values.items()
        if value is not None
    ]
