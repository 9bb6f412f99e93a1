# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan pools (pure): files and charon, addresses that two pools have, leases that are in use."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.pool import pool_range
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Plan,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    NOT_LOADED,
    Drop,
    FileChange,
    FileStep,
    Found,
    dropped,
    plan_files,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.policy import Policy
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import POOL
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.pool_range import PoolRange
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject


@dataclass(frozen=True)
class LoadedPool:
    """A pool as charon tells of it: its addresses, and how many of them are in use."""

    base: str
    size: int
    online: int

    def has(self, wanted: PoolRange) -> bool:
        """Return whether its addresses are these."""
        return wanted.is_told_as(self.base, self.size)

    def __str__(self) -> str:
        return f"{self.size} addresses from {self.base} on"


@dataclass(frozen=True)
class FoundPools(Found):
    """What the host holds, and what charon tells of its pools."""

    pools: t.Mapping[str, LoadedPool] = field(default_factory=dict)


def plan_pools(
    wanted: t.Sequence[ConfigObject], found: FoundPools, policy: Policy, directory: str
) -> Plan[FileStep]:
    """Return what to change so that files and charon hold the wanted pools.

    A pool that charon holds with other addresses than its file says is loaded again.

    :raises ConflictError: a name is taken in another file, a file belongs to somebody else,
        another pool has the same addresses, or charon cannot change the pool as it is in use.
    """
    stale = _stale(wanted, found)
    there = replace(found, loaded=found.loaded - set(stale))
    plan = plan_files(POOL, wanted, there, policy, directory)
    rewritten = {POOL.path(directory, one.name) for one in wanted}
    _check_overlaps(wanted, found, rewritten | dropped(plan))
    _check_leases(wanted, found, plan)
    reasons = {one.object: stale[one.name] for one in wanted if one.name in stale}
    return replace(plan, changes=tuple(_with_reason(change, reasons) for change in plan.changes))


def _stale(wanted: t.Sequence[ConfigObject], found: FoundPools) -> t.Dict[str, str]:
    """Return the wanted pools that charon holds with other addresses, and the words for it."""
    stale = {}
    for one in wanted:
        mine, held = pool_range(one.section), found.pools.get(one.name)
        if one.present and mine is not None and held is not None and not held.has(mine):
            stale[one.name] = f"the daemon holds {held}, wanted {mine}"
    return stale


def _with_reason(change: FileChange, reasons: t.Mapping[str, str]) -> FileChange:
    if change.object not in reasons:
        return change
    actions = tuple(
        Action(one.action, reasons[change.object]) if one.reason == NOT_LOADED else one
        for one in change.actions
    )
    return replace(change, actions=actions)


def _check_overlaps(
    wanted: t.Sequence[ConfigObject], found: Found, rewritten: t.AbstractSet[str]
) -> None:
    """Refuse a pool whose addresses another one has, in a file that stays as it is.

    :raises ConflictError: there is one.
    """
    others = [
        (path, section, its)
        for path, file in found.files.items()
        if path not in rewritten
        for section in file.root.children(POOL.group).values()
        for its in (pool_range(section),)
        if its is not None
    ]
    for one in wanted:
        mine = pool_range(one.section)
        for path, section, its in others:
            if mine is not None and mine.overlaps(its):
                raise ConflictError(
                    f"{one.object}: its addresses {one.section.settings['addrs']} overlap with"
                    f" {section.settings['addrs']} of pool {section.name} (file {path}, line"
                    f" {section.line}): both would give the same address to two clients; choose"
                    " other addresses"
                )


def _check_leases(
    wanted: t.Sequence[ConfigObject], found: FoundPools, plan: Plan[FileStep]
) -> None:
    """Refuse what charon would refuse: to unload a pool in use, or to change its addresses.

    :raises ConflictError: an address of such a pool is in use.
    """
    gone = {
        name: change.object
        for change in plan.changes
        for step in change.steps
        if isinstance(step, Drop)
        for name in step.unload
    }
    for name, what in gone.items():
        held = found.pools.get(name)
        if held is not None and held.online:
            raise ConflictError(
                f"{what}: {_in_use(held)} does not unload it. {_REMEDY}, then remove it"
            )
    for one in wanted:
        mine, held = pool_range(one.section), found.pools.get(one.name)
        if mine is None or held is None or not held.online or held.has(mine):
            continue
        raise ConflictError(
            f"{one.object}: {_in_use(held)} does not change its addresses from {held} to"
            f" {mine} (other options it would). {_REMEDY}, or make a pool of another name for the"
            " new addresses"
        )


_REMEDY = "End the IKE SAs that use it (swanctl --terminate --ike NAME) or wait until they end"


def _in_use(held: LoadedPool) -> str:
    return f"{held.online} of its addresses {'is' if held.online == 1 else 'are'} in use, so charon"
