# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan tunnel devices: what the kernel holds against what is wanted (pure).

Order: removals first, then changes of endpoints or if_id, then other changes and new devices, so
that what one device gives up is free for the next.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    FALLBACKS,
    Kernel,
    Link,
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
    change,
    remove_steps,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_conflicts import (
    check_devices,
    check_pairs,
    check_policies,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_order import (
    order_moves,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import (
    Found,
    Place,
    as_wanted,
    found_state,
    place_of,
    state_of,
    wanted_state,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    TunnelStep,
)


def plan_tunnels(tunnels: t.Sequence[Tunnel], found: Found, policy: Policy) -> Plan[TunnelStep]:
    """Return what to change so that the kernel holds the wanted devices.

    :raises ConflictError: a name, endpoints or an if_id are held by something that may not be
        touched, a device that an option names is missing, or O(recreate=never) forbids the way.
    """
    warnings: t.List[str] = []
    removals = _removals(tunnels, found, policy)
    places = [place_of(tunnel, found) for tunnel in tunnels if tunnel.present]
    check_devices(places, found, policy, warnings)
    check_pairs(places, found, {link.name for netns, link, _reason in removals if not netns})
    check_policies(tunnels, found)
    moves: t.List[Place] = []
    others: t.List[Place] = []
    for place in places:
        if as_wanted(place, policy):
            continue
        _may_change(place, policy)
        link = place.link
        moving = link is not None and link.require_tunnel().pair != place.tunnel.data.pair
        (moves if moving else others).append(place)
    changes: t.List[TunnelChange] = [_removal(*removal, found) for removal in removals]
    changes += order_moves(moves, policy)
    for place in others:
        changes += change(place, policy)
    return Plan(tuple(changes), tuple(warnings))


def _may_change(place: Place, policy: Policy) -> None:
    link = place.link
    if link is None or link.owner == policy.owner:
        return
    before, after = state_of(place) or {}, wanted_state(place, policy)
    after["owner"] = before["owner"]
    policy.may_touch_link(place.tunnel.object, link, "; ".join(differences(before, after)))


Removal = t.Tuple[str, Link, str]
"""The namespace that a device was moved to, or V(""), the device, and why it is removed."""


def _removals(tunnels: t.Sequence[Tunnel], found: Found, policy: Policy) -> t.List[Removal]:
    removals: t.List[Removal] = []
    for tunnel in tunnels:
        if tunnel.present:
            continue
        place = place_of(tunnel, found)
        if place.link is not None:
            policy.may_touch_link(tunnel.object, place.link, "it is to be removed")
            removals.append((place.netns, place.link, "state is absent"))
    if policy.purge:
        listed = {(tunnel.target_netns, tunnel.name) for tunnel in tunnels}
        # A device that waits here for its move is listed too.
        listed |= {("", tunnel.name) for tunnel in tunnels}
        for netns, kernel in (("", found.here), *found.there.items()):
            removals += [
                (netns, link, f"purge: owner '{policy.owner}' no longer lists it")
                for name, link in kernel.links.items()
                if link.data is not None
                and link.owner == policy.owner
                and (netns, name) not in listed
                and name not in FALLBACKS
            ]
    return removals


def _removal(netns: str, link: Link, reason: str, found: Found) -> TunnelChange:
    kernel: Kernel = found.there[netns] if netns else found.here
    return Change(
        f"tunnel {link.name}",
        (Action("remove", reason),),
        before=found_state(link, kernel.addresses.get(link.index, ()), netns),
        after=None,
        steps=tuple(remove_steps(link, netns, comes_back=False)),
    )
