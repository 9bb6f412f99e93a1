# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forecast what a change of a connection interrupts (pure).

charon ends SAs of its own accord only where a child that it takes out has O(start_action) start;
the rules are those of strongSwan's src/libcharon/plugins/vici/vici_config.c. All other SAs live on
with their former configuration. A child that is to be started while an SA of it is up gets a second
one, as charon compares configurations, not names; the peer uses it before this end has it, so that
a packet may be lost.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import BEGINNING, IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection_difference import (
    Difference,
    difference,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

LEVELS = ("none", "child", "ike")
WORDS = {"none": "nothing", "child": "a CHILD SA", "ike": "an IKE SA with all its children"}
ENDING = frozenset({"DELETING", "DELETED", "DESTROYING", "REKEYED"})
SHOWN = 5  # connections in a refusal; check mode shows all of them


@dataclass(frozen=True)
class Forecast:
    """What a change interrupts, and why; O(survivors) are the SAs that live on."""

    level: str
    reason: str
    survivors: t.Tuple[IkeSa, ...] = ()


def unchanged(sas: t.Iterable[IkeSa]) -> Forecast:
    """Return the forecast for a connection that is not loaded."""
    return Forecast("none", "nothing is loaded", live(sas))


def forecast(
    former: t.Optional[Section],
    wanted: t.Optional[Section],
    sas: t.Iterable[IkeSa],
    keeps_ike: bool,
) -> Forecast:
    """Return what it interrupts to load a connection, or to unload it where O(wanted) is None.

    O(former) is what charon holds; None if nobody knows. O(keeps_ike) is whether charon keeps an
    IKE SA for children that it initiates anew: from version 6.0 on.
    """
    alive = live(sas)
    if not alive:
        return Forecast("none", "no SA is up")
    if former is None:
        return Forecast("ike", "it is not known what charon holds, as no file has it", alive)
    if wanted is None:
        removed = dict.fromkeys(former.children("children"), ())
        return _ended(former, removed, "the connection is unloaded", alive, keeps=False)
    differs = difference(former, wanted)
    if differs.ike:
        removed = dict.fromkeys(former.children("children"), ())
        told = _ended(former, removed, _changes("", differs.ike), alive, keeps=False)
        return _with_second(told, former, _started(wanted, wanted.children("children")))
    started = _started(wanted, differs.added)
    told = _ended(
        former,
        differs.removed,
        _child_changes(differs),
        alive,
        keeps=keeps_ike and bool(started),
    )
    return _with_second(told, former, started)


def live(sas: t.Iterable[IkeSa]) -> t.Tuple[IkeSa, ...]:
    """Return the SAs without those that are about to end."""
    return tuple(
        replace(ike, children=tuple(one for one in ike.children if one.state not in ENDING))
        for ike in sas
        if ike.state not in ENDING
    )


def check_disruption(forecasts: t.Mapping[str, Forecast], allowed: str) -> None:
    """Refuse to interrupt more than the user allows; O(forecasts) are by object.

    :raises ConflictError: a change would.
    """
    beyond = {
        name: one
        for name, one in forecasts.items()
        if LEVELS.index(one.level) > LEVELS.index(allowed)
    }
    if not beyond:
        return
    told = [
        f"{name}: it would interrupt {WORDS[one.level]} (disruption {one.level}), as {one.reason}"
        for name, one in list(beyond.items())[:SHOWN]
    ]
    if len(beyond) > SHOWN:
        told.append(f"and {len(beyond) - SHOWN} more")
    needed = max((one.level for one in beyond.values()), key=LEVELS.index)
    raise ConflictError(
        f"{'; '.join(told)}. allow_disruption is {allowed}, so nothing was changed: give"
        f" allow_disruption: {needed}, or leave the change for a better time"
    )


def _ended(
    former: Section,
    removed: t.Mapping[str, t.Sequence[str]],
    change: str,
    alive: t.Sequence[IkeSa],
    keeps: bool,
) -> Forecast:
    """Return what ends when charon takes children out: SAs of those with start_action start."""
    started = {name for name in removed if _starts(former, name)}
    level = "none"
    survivors: t.List[IkeSa] = []
    for ike in alive:
        if ike.name != former.name:  # charon ends children in IKE SAs of the connection's name only
            survivors.append(ike)
            continue
        others = tuple(one for one in ike.children if one.name not in started)
        if started and not others and not keeps:
            level = "ike" if ike.state not in BEGINNING else level
        elif len(others) < len(ike.children):
            level = max(level, "child", key=LEVELS.index)
            survivors.append(replace(ike, children=others))
        else:
            survivors.append(ike)
    return Forecast(level, f"{change}, {_why(level, started, removed)}", tuple(survivors))


def _with_second(told: Forecast, former: Section, started: t.Collection[str]) -> Forecast:
    """Return the forecast with what charon starts beside an SA of the same child that lives on."""
    up = {child.name for ike in told.survivors if ike.name == former.name for child in ike.children}
    twice = [f"children.{name}" for name in sorted(up.intersection(started))]
    if told.level != "none" or not twice:
        return told
    why = f"charon starts a second SA of {', '.join(twice)}; a packet may be lost between the two"
    return replace(told, level="child", reason=f"{told.reason}, but {why}")


def _why(level: str, started: t.Iterable[str], removed: t.Iterable[str]) -> str:
    if level != "none":
        names = ", ".join(f"children.{name}" for name in sorted(started))
        return f"and charon ends the SAs of {names} for start_action start"
    if not list(removed):
        return "and charon takes no child out for it"
    return "and charon leaves SAs alone without start_action start"


def _started(connection: Section, children: t.Iterable[str]) -> t.Tuple[str, ...]:
    return tuple(name for name in children if _starts(connection, name))


def _starts(connection: Section, child: str) -> bool:
    action = connection.children("children")[child].settings.get("start_action", "none")
    return "start" in action.lower()


def _child_changes(differs: Difference) -> str:
    told = [
        _changes(f"children.{name}.", names) if names else f"children.{name} is taken out"
        for name, names in differs.removed.items()
    ]
    told += [f"children.{name} is new" for name in differs.added if name not in differs.removed]
    return ", ".join(told) or "nothing that charon compares changes"


def _changes(prefix: str, names: t.Sequence[str]) -> str:
    told = " and ".join(prefix + name for name in names)
    return f"{told} {'changes' if len(names) == 1 else 'change'}"
