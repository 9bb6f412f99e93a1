# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan SAs that are brought up, down, or established anew so that a change comes into force (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    ConflictError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    ESTABLISHED,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa_wanted import (
    WantedSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_found import (
    FoundSas,
    child_sas,
    meant,
    names_of,
    verdicts,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_reestablish import (
    reestablish,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_steps import (
    Initiate,
    SaChange,
    SaStep,
    Terminate,
)


def plan_sas(wanted: t.Sequence[WantedSa], found: FoundSas, check_mode: bool) -> Plan[SaStep]:
    """Return what to do so that the SAs are as they are wanted.

    :raises ConflictError: charon does not hold the connection or the child, or nobody knows whether
        an SA has the present configuration.
    """
    changes: t.List[SaChange] = []
    warnings: t.List[str] = []
    for one in wanted:
        if one.state == "down":
            changes += _down(one, found)
            continue
        problem = _missing(one, found)
        if problem and not check_mode:
            raise ConflictError(f"{problem}; load it with strongswan_conn first")
        if problem:
            warnings.append(f"{problem}. Check mode assumes that it will be loaded")
        changes += _reestablished(one, found) if one.state == "reestablished" else _up(one, found)
    return Plan(tuple(changes), tuple(warnings))


def _missing(one: WantedSa, found: FoundSas) -> str:
    children = found.children.get(one.connection)
    if children is None:
        return f"{one.object}: charon holds no such connection"
    if one.child and one.child not in children:
        return f"{one.object}: charon's connection has no such child"
    return ""


def _state(one: WantedSa, found: FoundSas) -> t.Dict[str, t.Any]:
    """Return an entry's SAs as a user reads them: without what changes of itself."""
    up = {child.name for child in child_sas(one, found)}
    return {name: "up" if name in up else "down" for name in (*names_of(one, found), *sorted(up))}


def _up(one: WantedSa, found: FoundSas) -> t.List[SaChange]:
    up = {child.name for child in child_sas(one, found)}
    names = names_of(one, found)
    lacking = tuple(name for name in names if name not in up)
    established = any(ike.state == ESTABLISHED for ike in found.of(one.connection))
    if not lacking and (names or established):
        return []
    reason = f"no SA of {', '.join(lacking)} is up" if lacking else "no IKE SA is up"
    before = _state(one, found)
    after = {**before, **dict.fromkeys(lacking, "up")}
    step = Initiate(one.connection, lacking)
    return [Change(one.object, (Action("initiate", reason),), before, after, (step,))]


def _down(one: WantedSa, found: FoundSas) -> t.List[SaChange]:
    sas = found.of(one.connection)
    own = {ike.uniqueid for ike in sas if ike.name == one.connection and not one.child}
    children = [
        child.uniqueid
        for ike in sas
        for child in ike.children
        if ike.uniqueid not in own and one.child in {"", child.name}
    ]
    ids = Terminate(one.connection, tuple(sorted(own)), tuple(children))
    if not ids.ikes and not ids.children:
        return []
    before = _state(one, found)
    after = dict.fromkeys(before, "down")
    told = (Action("terminate", "an SA is up"),)
    return [Change(one.object, told, before, after, (ids,))]


def _reestablished(one: WantedSa, found: FoundSas) -> t.List[SaChange]:
    sas = found.of(one.connection)
    alive = child_sas(one, found)
    if not sas or (one.child and not alive):
        return _up(one, found)
    if one.connection not in found.sections and not one.force:
        raise ConflictError(
            f"{one.object}: no file has the connection, so it is not known whether its SA has the"
            " present configuration; give force: true to establish it anew in any case"
        )
    stale = verdicts(one.connection, found)
    mine = meant(one, stale)
    if not mine and not one.force:
        return _up(one, found)
    told = "; ".join(verdict.reason for verdict in mine) or "force is true"
    step = reestablish(one, stale, sas, found)
    before = _state(one, found)
    after = {**before, **dict.fromkeys(step.children, "up, established anew")}
    return [Change(one.object, (Action("reestablish", told),), before, after, (step,))]
