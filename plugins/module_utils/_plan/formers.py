# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which configurations live SAs may have: when one is noted, and when it is forgotten (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    ESTABLISHED,
    IkeSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.disruption import live
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    IKE,
    Former,
    Formers,
    Verdict,
    not_in_force,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import part_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

AllFormers = t.Dict[str, Formers]
"""What live SAs may have, by the name of their connection."""


def held_section(path: str, name: str, found: Found) -> t.Optional[Section]:
    """Return what charon holds, or held last, of a connection, as its file tells."""
    file = found.files.get(path)
    return file.root.children(CONNECTION.group).get(name) if file else None


def with_change(
    name: str,
    held: t.Optional[Section],
    wanted: t.Optional[Section],
    survivors: t.Sequence[IkeSa],
    found: Found,
) -> Formers:
    """Return what the SAs of a connection may have after its change, those that live on and new ones.

    O(held) is what charon held, None if nobody knows; O(wanted) is None if it is unloaded.
    """
    noted = found.formers.get(name, {})
    if not survivors:
        return {}
    after: t.Dict[str, t.Tuple[Former, ...]] = {}
    for level in _levels(survivors, noted):
        formers = noted.get(level, ())
        if held is not None or not formers or name in found.loaded:
            formers = _with(formers, Former(held))
        if wanted is not None:
            formers = _with(formers, Former(wanted, found.now))
        after[level] = formers
    return after


def remaining(found: Found, directory: str) -> AllFormers:
    """Return what is still to be noted of what was: what SAs may have beside the present one."""
    left = {}
    for name, noted in found.formers.items():
        present = held_section(CONNECTION.path(directory, name), name, found)
        if name not in found.loaded:
            present = None
        sas = [part_of(name, ike, found.holders) for ike in found.sas.get(name, ())]
        left[name] = remaining_of(noted, sas, present, found.now)
    return {name: noted for name, noted in left.items() if noted}


def remaining_of(
    noted: Formers, sas: t.Iterable[IkeSa], present: t.Optional[Section], now: float
) -> Formers:
    """Return the same of one connection; O(present) is what charon holds, None if nobody knows."""
    alive = live(sas)
    levels = _levels(alive, noted)
    if present is not None and _settled(alive):
        verdicts = list(not_in_force(present, noted, alive, now))
        levels &= {level_of(one) for one in verdicts}
    return {level: noted[level] for level in sorted(levels) if level in noted}


def level_of(verdict: Verdict) -> str:
    """Return what an SA that is not in force belongs to: the name of a child, or IKE."""
    return verdict.child.name if verdict.child else IKE


def _levels(alive: t.Sequence[IkeSa], noted: Formers) -> t.Set[str]:
    """Return the levels of which there are SAs; of an SA that is in the making, all may come."""
    if not alive:
        return set()
    levels = {IKE, *(child.name for ike in alive for child in ike.children)}
    return levels if _settled(alive) else levels | set(noted)


def _settled(alive: t.Iterable[IkeSa]) -> bool:
    """Return whether no SA is being made: it may have the configuration of one that is gone."""
    return all(
        ike.state == ESTABLISHED and not ike.tasks_queued and not ike.tasks_active for ike in alive
    )


def _with(formers: t.Tuple[Former, ...], one: Former) -> t.Tuple[Former, ...]:
    """Return the configurations with one more, unless it is among them since an earlier time."""
    if any(one.section == other.section for other in formers):
        return formers
    return (*formers, one)
