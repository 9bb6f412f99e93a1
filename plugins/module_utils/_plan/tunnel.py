# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan tunnel devices: what the kernel holds against what is wanted (pure).

Order: removals first, then changes in place, then new devices, so that an endpoint pair that
one device gives up is free for the next.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    FALLBACKS,
    Kernel,
    Link,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
    differences,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_change import (
    TunnelChange,
    change_in_place,
    found_state,
    recreate,
    wanted_state,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_order import (
    Move,
    order_moves,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    DeleteLink,
    TunnelStep,
)


def plan_tunnels(tunnels: t.Sequence[Tunnel], kernel: Kernel, policy: Policy) -> Plan[TunnelStep]:
    """Return what to change so that the kernel holds the wanted devices.

    :raises ConflictError: a name or an endpoint pair is held by something that may not be touched.
    """
    warnings: t.List[str] = []
    removals = _removals(tunnels, kernel, policy)
    gone = {link.name for link, _reason in removals}
    wanted: t.List[t.Tuple[Tunnel, VtiData, t.Optional[Link]]] = []
    for tunnel in tunnels:
        if tunnel.present:
            data = _data(tunnel, kernel, policy, warnings)
            wanted.append((tunnel, data, _existing(tunnel, kernel)))
    _check_pairs(wanted, kernel, gone)
    moves: t.List[Move] = []
    changes: t.List[TunnelChange] = []
    for tunnel, data, link in wanted:
        if link is None:
            changes.extend(recreate(tunnel, data, None, kernel, policy, reason="it does not exist"))
            continue
        _may_change(tunnel, link, kernel, policy)
        if link.require_vti().pair != data.pair:
            moves.append(Move(tunnel, data, link))
        else:
            changes.extend(change_in_place(tunnel, data, link, kernel, policy))
    removed = [_removal(link, reason, kernel) for link, reason in removals]
    moved = order_moves(moves, kernel, policy)
    return Plan((*removed, *moved, *changes), tuple(warnings))


def _existing(tunnel: Tunnel, kernel: Kernel) -> t.Optional[Link]:
    """Return the device of that name, which must be a VTI."""
    link = kernel.links.get(tunnel.name)
    if link is not None:
        link.require_vti()
    return link


def _may_change(tunnel: Tunnel, link: Link, kernel: Kernel, policy: Policy) -> None:
    before, after = found_state(link, kernel), wanted_state(tunnel, link, kernel, policy)
    after["owner"] = before["owner"]
    policy.may_touch_link(tunnel.object, link, "; ".join(differences(before, after)))


def _data(tunnel: Tunnel, kernel: Kernel, policy: Policy, warnings: t.List[str]) -> VtiData:
    index = 0
    if tunnel.dev:
        underlay = kernel.links.get(tunnel.dev)
        if underlay is not None:
            index = underlay.index
        elif policy.check_mode:
            index = -1
            warnings.append(f"{tunnel.object}: dev '{tunnel.dev}' does not exist yet")
        else:
            raise ConflictError(
                f"{tunnel.object}: dev '{tunnel.dev}' does not exist: expected the name of the"
                " underlay's device; leave it out to let the routing table choose"
            )
    return VtiData(tunnel.local, tunnel.remote, tunnel.ikey, tunnel.okey, index)


def _removals(
    tunnels: t.Sequence[Tunnel], kernel: Kernel, policy: Policy
) -> t.List[t.Tuple[Link, str]]:
    removals = []
    for tunnel in tunnels:
        link = None if tunnel.present else _existing(tunnel, kernel)
        if link is not None:
            policy.may_touch_link(tunnel.object, link, "it is to be removed")
            removals.append((link, "state is absent"))
    if policy.purge:
        listed = {tunnel.name for tunnel in tunnels}
        removals += [
            (link, f"purge: owner '{policy.owner}' no longer lists it")
            for name, link in kernel.links.items()
            if link.vti
            and link.owner == policy.owner
            and name not in listed
            and name not in FALLBACKS
        ]
    return removals


def _removal(link: Link, reason: str, kernel: Kernel) -> TunnelChange:
    return Change(
        f"tunnel {link.name}",
        (Action("remove", reason),),
        before=found_state(link, kernel),
        after=None,
        steps=(DeleteLink(link.index, link.name),),
    )


def _check_pairs(
    wanted: t.Sequence[t.Tuple[Tunnel, VtiData, t.Optional[Link]]],
    kernel: Kernel,
    gone: t.Collection[str],
) -> None:
    planned = {tunnel.name for tunnel, _data, _link in wanted}
    held = {
        link.vti.pair: name
        for name, link in kernel.links.items()
        if link.vti is not None and name not in gone and name not in planned
    }
    for tunnel, data, _link in wanted:
        if data.pair in held:
            raise ConflictError(
                f"{tunnel.object}: local {data.local}, remote {data.remote},"
                f" dev {tunnel.dev or '(none)'} is held by device '{held[data.pair]}', and the"
                " kernel allows one VTI for each, whatever the keys; remove or change"
                f" '{held[data.pair]}', or use its name here with adopt: true"
            )
