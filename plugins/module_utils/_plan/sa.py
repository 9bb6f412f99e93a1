# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan SAs that are brought up, down, or established anew so that a change comes into force (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    ESTABLISHED,
    ChildSa,
    IkeSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa_wanted import WantedSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import (
    Action,
    Change,
    Plan,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection_difference import (
    difference,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.disruption import live
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.formers import level_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    IKE,
    Formers,
    Verdict,
    not_in_force,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import (
    Holders,
    part_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

UP = frozenset({"INSTALLED", "REKEYING", "UPDATING"})


@dataclass(frozen=True)
class FoundSas:
    """What charon holds, by connection: the names of the children, the live SAs.

    O(sections) are the connections as files have them, O(formers) what SAs may have beside that,
    O(now) is the monotonic time, O(holders) the connections by the names of their children.
    """

    children: t.Mapping[str, t.Tuple[str, ...]] = field(default_factory=dict)
    sas: t.Mapping[str, t.Tuple[IkeSa, ...]] = field(default_factory=dict)
    sections: t.Mapping[str, Section] = field(default_factory=dict)
    formers: t.Mapping[str, Formers] = field(default_factory=dict)
    now: float = 0
    holders: Holders = field(default_factory=dict)

    def of(self, connection: str) -> t.Tuple[IkeSa, ...]:
        """Return a connection's live SAs, also those in IKE SAs of other connections."""
        alive = live(self.sas.get(connection, ()))
        return tuple(part_of(connection, ike, self.holders) for ike in alive)


@dataclass(frozen=True)
class Initiate:
    """Initiate children of a connection, or its IKE SA if it has none."""

    connection: str
    children: t.Tuple[str, ...]


@dataclass(frozen=True)
class Terminate:
    """End SAs by their unique ids."""

    connection: str
    ikes: t.Tuple[int, ...] = ()
    children: t.Tuple[int, ...] = ()


@dataclass(frozen=True)
class Reestablish:
    """Make children anew and end their former SAs.

    With O(first) the new ones are made first. charon makes none beside one that has the same
    configuration, nor an IKE SA beside such a one. With O(reauthenticate) charon makes IKE SAs that
    have the present configuration anew by itself: first, if its make_before_break is on. O(settled)
    are the levels all of whose SAs have the present configuration afterwards.
    """

    connection: str
    children: t.Tuple[str, ...]
    former: Terminate
    first: bool
    settled: t.FrozenSet[str] = frozenset()
    reauthenticate: bool = False


SaStep = t.Union[Initiate, Terminate, Reestablish]
SaChange = Change[SaStep]


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


def child_sas(one: WantedSa, found: FoundSas) -> t.List[ChildSa]:
    """Return the CHILD SAs that an entry means and that carry traffic."""
    return [
        child
        for ike in found.of(one.connection)
        for child in ike.children
        if child.state in UP and one.child in {"", child.name}
    ]


def verdicts(connection: str, found: FoundSas) -> t.List[Verdict]:
    """Return the live SAs of a connection that do not have the present configuration."""
    section = found.sections.get(connection)
    if section is None or connection not in found.children:
        return []
    formers = found.formers.get(connection, {})
    return list(not_in_force(section, formers, found.of(connection), found.now))


def meant(one: WantedSa, stale: t.Iterable[Verdict]) -> t.List[Verdict]:
    """Return those that an entry means: with a child, its SAs alone."""
    return [
        verdict
        for verdict in stale
        if not one.child or (verdict.child and verdict.child.name == one.child)
    ]


def _missing(one: WantedSa, found: FoundSas) -> str:
    children = found.children.get(one.connection)
    if children is None:
        return f"{one.object}: charon holds no such connection"
    if one.child and one.child not in children:
        return f"{one.object}: charon's connection has no such child"
    return ""


def _names(one: WantedSa, found: FoundSas) -> t.Tuple[str, ...]:
    return (one.child,) if one.child else found.children.get(one.connection, ())


def _state(one: WantedSa, found: FoundSas) -> t.Dict[str, t.Any]:
    """Return an entry's SAs as a user reads them: without what changes of itself."""
    up = {child.name for child in child_sas(one, found)}
    return {name: "up" if name in up else "down" for name in (*_names(one, found), *sorted(up))}


def _up(one: WantedSa, found: FoundSas) -> t.List[SaChange]:
    up = {child.name for child in child_sas(one, found)}
    names = _names(one, found)
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
    step = _reestablish(one, stale, sas, found)
    before = _state(one, found)
    after = {**before, **dict.fromkeys(step.children, "up, established anew")}
    return [Change(one.object, (Action("reestablish", told),), before, after, (step,))]


def _reestablish(
    one: WantedSa, stale: t.Sequence[Verdict], sas: t.Sequence[IkeSa], found: FoundSas
) -> Reestablish:
    """Return the step for what is meant and not in force, or for all that is meant by force.

    An IKE SA that is not in force takes all its children along: they cannot change over to another.
    """
    mine = meant(one, stale)
    ids = {verdict.child.uniqueid for verdict in mine if verdict.child}
    if not mine:
        ids = {child.uniqueid for child in child_sas(one, found)}
    unfit = {verdict.ike.uniqueid for verdict in stale if not verdict.child}
    whole = {
        ike.uniqueid
        for ike in sas
        if (not mine and not one.child)
        or (not one.child and ike.uniqueid in unfit)
        or (ike.uniqueid in unfit and any(child.uniqueid in ids for child in ike.children))
    }
    shared = {ike.uniqueid for ike in sas if ike.name != one.connection} & whole
    ids |= {child.uniqueid for ike in sas if ike.uniqueid in shared for child in ike.children}
    whole -= shared  # these are other connections' as well
    old = [(ike, child) for ike in sas for child in ike.children]
    ending = [(ike, child) for ike, child in old if ike.uniqueid in whole or child.uniqueid in ids]
    former = Terminate(
        one.connection,
        tuple(sorted(whole)),
        tuple(child.uniqueid for ike, child in ending if ike.uniqueid not in whole),
    )
    configured = found.children.get(one.connection, ())
    names = [child.name for _ike, child in ending if child.name in configured]
    if not one.child:
        up = {child.name for child in child_sas(one, found)}
        names += [name for name in configured if name not in up]
    left = [
        verdict
        for verdict in stale
        if verdict.ike.uniqueid not in whole
        and not (verdict.child and verdict.child.uniqueid in former.children)
    ]
    noted = found.formers.get(one.connection, {})
    return Reestablish(
        one.connection,
        tuple(dict.fromkeys(names)),
        former,
        first=bool(mine) and not _in_the_way(one, former, found),
        settled=frozenset(noted) - {level_of(verdict) for verdict in left},
        reauthenticate=not stale and not one.child and _can_reauthenticate(one, sas, found),
    )


def _can_reauthenticate(one: WantedSa, sas: t.Sequence[IkeSa], found: FoundSas) -> bool:
    """Return whether charon can make IKE SAs anew that are known to be in force.

    It would keep a former configuration; and with virtual addresses the peer may give others to the
    new SA while the old one is there.
    """
    section = found.sections.get(one.connection)
    return (
        section is not None
        and "vips" not in section.settings
        and all(ike.version == 2 and ike.state == ESTABLISHED for ike in sas)
    )


def _in_the_way(one: WantedSa, former: Terminate, found: FoundSas) -> bool:
    """Return whether an IKE SA must end before its successor is made.

    Otherwise charon would use it instead of making one, or the peer give other virtual addresses.
    """
    section = found.sections[one.connection]
    formers = found.formers.get(one.connection, {}).get(IKE, ())
    return bool(former.ikes) and (
        "vips" in section.settings
        or any(
            other.section is not None and difference(other.section, section).unnoticed
            for other in formers
        )
    )
