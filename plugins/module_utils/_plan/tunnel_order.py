# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Order the devices that change their endpoints, so that each finds its new pair free (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.link import (
    Kernel,
    Link,
    VtiData,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Action, Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_change import (
    TunnelChange,
    change_in_place,
    found_state,
    recreate,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import DeleteLink


@dataclass(frozen=True)
class Move:
    """A device whose (local, remote, dev) changes."""

    tunnel: Tunnel
    data: VtiData
    link: Link


def order_moves(moves: t.Sequence[Move], kernel: Kernel, policy: Policy) -> t.List[TunnelChange]:
    """Return the changes of all moves in an order in which the kernel accepts each.

    Devices that want each other's pairs in a circle cannot all change in place: one of them is
    removed first and made again at the end.
    """
    changes: t.List[TunnelChange] = []
    made_again: t.List[TunnelChange] = []
    waiting = list(moves)
    while waiting:
        held = {move.link.require_vti().pair for move in waiting}
        ready = [move for move in waiting if move.data.pair not in held]
        for move in ready:
            changes += change_in_place(move.tunnel, move.data, move.link, kernel, policy)
        waiting = [move for move in waiting if move not in ready]
        if not ready:
            first = waiting.pop(0)
            reason = "its endpoints and those of another device change places"
            changes.append(
                Change(
                    first.tunnel.object,
                    (Action("remove", reason),),
                    before=found_state(first.link, kernel),
                    after=None,
                    steps=(DeleteLink(first.link.index, first.link.name),),
                )
            )
            made_again += recreate(
                first.tunnel, first.data, first.link, kernel, policy, reason=reason, removed=True
            )
    return changes + made_again
