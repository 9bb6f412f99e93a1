# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Order the devices that change endpoints or if_id, so that each finds its new ones free (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Action, Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_change import (
    TunnelChange,
    change,
    check_recreate,
    create,
    remove_steps,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import (
    Place,
    state_of,
)


def order_moves(places: t.Sequence[Place], policy: Policy) -> t.List[TunnelChange]:
    """Return the changes of all these devices in an order in which the kernel accepts each.

    Devices that want each other's endpoints in a circle cannot all change in place: one of them
    is removed first and made again at the end.
    """
    changes: t.List[TunnelChange] = []
    made_again: t.List[TunnelChange] = []
    waiting = [place for place in places if place.link is not None]
    while waiting:
        held = {place.link.require_tunnel().pair for place in waiting if place.link is not None}
        ready = [place for place in waiting if place.tunnel.data.pair not in held]
        for place in ready:
            changes += change(place, policy)
        waiting = [place for place in waiting if place.tunnel.data.pair in held]
        if not ready:
            first = waiting.pop(0)
            reason = "its endpoints or if_id and those of another device change places"
            check_recreate(first.tunnel, policy, reason)
            changes.append(_removed(first, reason))
            made_again += create(first, policy, reason=reason, removed=True)
    return changes + made_again


def _removed(place: Place, reason: str) -> TunnelChange:
    link, stays = place.link, not place.to_move
    steps = () if link is None else remove_steps(link, place.netns, comes_back=stays)
    return Change(
        place.tunnel.object, (Action("remove", reason),), state_of(place), None, tuple(steps)
    )
