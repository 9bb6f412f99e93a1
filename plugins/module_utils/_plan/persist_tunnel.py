# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the file of an owner's tunnel devices (pure).

It is rendered from the plan that leads from nothing to what is wanted.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.persist import (
    Blocks,
    StoredFile,
    read_blocks,
    refuse_namespace,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.tunnel import Tunnel
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.persist import (
    FileChange,
    check_ours,
    plan_file,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel import plan_tunnels
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_state import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.tunnel_steps import (
    AddAddress,
    CreateLink,
    SetSysctl,
    TunnelStep,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._render import link as render

REPLAY = (
    "ip -batch {0}",
    f"sed -n 's/^{render.SYSCTL}//p' {{0}} | sysctl -q -e -p -",
)


def plan_tunnel_file(
    tunnels: t.Sequence[Tunnel], stored: StoredFile, policy: Policy
) -> t.Tuple[FileChange, ...]:
    """Return what to change so that the file holds the wanted devices and no absent one.

    Devices that the call does not name stay in it, unless it purges.

    :raises ConflictError: the file is somebody else's.
    :raises InputError: a device is in a named namespace, or a value cannot be written.
    """
    check_ours(stored, policy)
    for tunnel in tunnels:
        if tunnel.present:
            refuse_namespace("target_netns", tunnel.target_netns)
    blocks = {} if policy.purge else read_blocks(stored.text)
    for tunnel in tunnels:
        blocks.pop(tunnel.object, None)
    blocks.update(tunnel_blocks(tunnels, policy))
    order = sorted(blocks, key=lambda name: (_depth(name, blocks), name))
    return plan_file(stored, {name: blocks[name] for name in order}, REPLAY, policy)


def _depth(name: str, blocks: Blocks, above: t.Tuple[str, ...] = ()) -> int:
    """Return how many tunnel devices of the file a device stands upon by its O(dev)."""
    underlay = f"tunnel {render.underlay(blocks[name])}"
    if underlay not in blocks or underlay in above:
        return 0
    return 1 + _depth(underlay, blocks, (*above, name, underlay))


def tunnel_blocks(tunnels: t.Sequence[Tunnel], policy: Policy) -> Blocks:
    """Return the lines that make the wanted devices where nothing is."""
    # In check mode a device that an option names need not be there.
    alone = replace(policy, purge=False, check_mode=True)
    plan = plan_tunnels([one for one in tunnels if one.present], Found(), alone)
    return {
        change.object: tuple(line for step in change.steps for line in _lines(step))
        for change in plan.changes
    }


def _lines(step: TunnelStep) -> t.List[str]:
    if isinstance(step, CreateLink):
        return [
            render.create(step.name, step.data, step.mtu, step.group),
            render.finish(step.name, step.alias, step.master, step.up),
        ]
    if isinstance(step, AddAddress):
        return [render.address(step.name, step.address)]
    if isinstance(step, SetSysctl):
        return render.sysctls(step.name, step.key, step.value)
    raise TypeError(f"{step} is no step from nothing to a device")
