# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections and their live SAs (pure): what a plan interrupts, and what is in force after it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Plan
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import (
    Drop,
    FileChange,
    FileStep,
    Found,
    Put,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection_difference import (
    difference,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.disruption import (
    LEVELS,
    Forecast,
    check_disruption,
    forecast,
    live,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.formers import (
    held_section,
    with_change,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    Formers,
    not_in_force,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import part_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.versions import (
    parse_version,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

KEEPS_IKE = (6, 0, 0)
"""From this version on charon keeps an IKE SA whose only child it initiates anew."""


@dataclass(frozen=True)
class Outlook:
    """What becomes of a connection's SAs.

    O(formers) are the configurations that an SA may still have afterwards. O(unnoticed) is whether
    charon must be made to take the change, see M(Difference.unnoticed).
    """

    forecast: Forecast
    formers: Formers = field(default_factory=dict)
    unnoticed: bool = False


Outlooks = t.Mapping[str, Outlook]


def by_connection(sas: t.Iterable[IkeSa]) -> t.Dict[str, t.Tuple[IkeSa, ...]]:
    """Return SAs by the name of their connection."""
    found: t.Dict[str, t.Tuple[IkeSa, ...]] = {}
    for ike in sas:
        found[ike.name] = (*found.get(ike.name, ()), ike)
    return found


def plan_live(
    plan: Plan[FileStep], found: Found, allowed: str
) -> t.Tuple[Plan[FileStep], t.Dict[str, Outlook]]:
    """Return a plan with the forecasts in its reasons, and the outlooks of what it changes.

    :raises ConflictError: it interrupts more than is O(allowed).
    """
    outlooks: t.Dict[str, Outlook] = {}
    changes = []
    forecasts = {}
    for change in plan.changes:
        mine = {name: outlook for step in change.steps for name, outlook in _outlooks(step, found)}
        outlooks.update(mine)
        told = [one.forecast for name, one in mine.items() if live(found.sas.get(name, ()))]
        if told:
            worst = max(told, key=lambda one: LEVELS.index(one.level))
            forecasts[change.object] = worst
            changes.append(_with_forecast(change, worst))
        else:
            changes.append(change)
    check_disruption(forecasts, allowed)
    return replace(plan, changes=tuple(changes)), outlooks


def outlook_of(one: ConfigObject, found: Found, outlooks: Outlooks) -> Outlook:
    """Return the outlook of a wanted connection, which need not change."""
    name = one.section.name
    if name in outlooks:
        return outlooks[name]
    told = Forecast("none", "it does not change", live(found.sas.get(name, ())))
    return Outlook(told, found.formers.get(name, {}))


def live_result(one: ConfigObject, outlook: Outlook, found: Found) -> t.Dict[str, t.Any]:
    """Return what the module tells of a connection's SAs."""
    name = one.section.name
    sas = [part_of(name, ike, found.holders) for ike in outlook.forecast.survivors]
    verdicts = not_in_force(one.section, outlook.formers, sas, found.now) if sas else ()
    reasons = [verdict.reason for verdict in verdicts]
    return {
        "disruption": outlook.forecast.level,
        "disruption_reason": outlook.forecast.reason,
        "in_force": not reasons,
        "in_force_reason": "; ".join(reasons),
    }


def _with_forecast(change: FileChange, told: Forecast) -> FileChange:
    *others, last = change.actions
    last = replace(last, reason=f"{last.reason}; disruption {told.level}: {told.reason}")
    return replace(change, actions=(*others, last))


def _outlooks(step: FileStep, found: Found) -> t.Iterator[t.Tuple[str, Outlook]]:
    """Yield the outlook of each connection that a step loads or unloads."""
    if isinstance(step, Put):
        yield step.section.name, _put(step, found)
    if isinstance(step, Drop):
        for name in step.unload:
            held = held_section(step.path, name, found)
            told = forecast(held, None, found.sas.get(name, ()), keeps_ike=False)
            yield name, Outlook(told, with_change(name, held, None, told.survivors, found))


def _put(step: Put, found: Found) -> Outlook:
    name = step.section.name
    sas = found.sas.get(name, ())
    held = held_section(step.path, name, found)
    if not step.load:
        told = Forecast("none", "charon has it already", live(sas))
        return Outlook(told, found.formers.get(name, {}))
    if name not in found.loaded:
        told = Forecast("none", "charon does not hold it, so it ends nothing", live(sas))
        return Outlook(told, with_change(name, held, step.section, told.survivors, found))
    told = forecast(held, step.section, sas, keeps_ike=_keeps_ike(found.version))
    unnoticed = held is not None and difference(held, step.section).unnoticed
    return Outlook(told, with_change(name, held, step.section, told.survivors, found), unnoticed)


def _keeps_ike(version: str) -> bool:
    return (parse_version(version) or (0,)) >= KEEPS_IKE
