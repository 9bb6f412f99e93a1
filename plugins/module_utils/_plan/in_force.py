# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the live SAs of a connection have its present configuration (pure).

An SA keeps the configuration with which it was made, through rekeys, reauthentication and what
O(dpd_action) and O(close_action) make anew, and its age begins again each time. So it has the
present one if it shows nothing else, and if no former one, which was replaced while SAs were up,
can have led to what it shows: none that was first loaded before the SA was made.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import ChildSa, IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.connection_difference import (
    differing,
    parts_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.sa_fit import (
    child_misfit,
    ike_misfit,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

CLOCK = 2.0  # seconds by which the age of an SA may be off: charon rounds it


class Former(t.NamedTuple):
    """A configuration that SAs may have, and the host's monotonic time at which it was first loaded.

    O(section) is None if nobody knows what charon held; O(since) is 0 if nobody knows since when.
    """

    section: t.Optional[Section]
    since: float = 0


Formers = t.Mapping[str, t.Tuple[Former, ...]]
"""What SAs of a connection may have: the CHILD SAs by name, the IKE SA as C(IKE)."""

IKE = ""


class Configuration:
    """A configuration of a connection, as it is compared with SAs."""

    def __init__(self, section: Section) -> None:
        """Take the section of the connection."""
        self.ike, self.children = parts_of(section)

    def child_changes(self, name: str, other: Configuration) -> t.Tuple[str, ...]:
        """Return the settings of a child that differ in another configuration."""
        mine, others = self.children.get(name, {}), other.children.get(name, {})
        inherited = tuple(
            option
            for option in ("if_id_in", "if_id_out")
            if option not in mine and self.ike.get(option) != other.ike.get(option)
        )
        return differing(mine, others) + inherited


class Verdict(t.NamedTuple):
    """An SA that does not have the present configuration, and why; None for O(child) if it is the IKE SA."""

    ike: IkeSa
    child: t.Optional[ChildSa]
    reason: str


def not_in_force(
    section: Section, formers: Formers, sas: t.Iterable[IkeSa], now: float
) -> t.Iterator[Verdict]:
    """Yield the live SAs that do not have a connection's present configuration, or may not."""
    present = Configuration(section)
    for ike in sas:
        of_ike = formers.get(IKE, ())
        reason = _ike_reason(ike, present, _there(of_ike, now, ike.established))
        reason = reason or _unknown(of_ike)
        if reason:
            yield Verdict(ike, None, f"IKE SA #{ike.uniqueid}: {reason}")
        inherited = of_ike if reason else ()  # an IKE SA gives its children what it has
        for child in ike.children:
            of_child = (*formers.get(child.name, ()), *inherited)
            loaded = _there(of_child, now, child.install_time)
            reason = _child_reason(child, ike, present, loaded) or _unknown(of_child)
            if reason:
                yield Verdict(ike, child, f"CHILD SA {child.name} #{child.uniqueid}: {reason}")


def _there(formers: t.Iterable[Former], now: float, age: t.Optional[int]) -> t.List[Configuration]:
    """Return the configurations that were loaded when an SA of this age was made."""
    made = now - (age or 0)  # without an age it is being made
    return [
        Configuration(one.section)
        for one in formers
        if one.section is not None and one.since <= made + CLOCK
    ]


def _unknown(formers: t.Iterable[Former]) -> str:
    if all(one.section is not None for one in formers):
        return ""
    return "it was up when the connection was loaded in the place of one that no file had"


def _ike_reason(ike: IkeSa, present: Configuration, formers: t.Sequence[Configuration]) -> str:
    option = ike_misfit(ike, present.ike)
    if option:
        return f"it does not have the present {option}"
    for former in formers:
        changed = differing(present.ike, former.ike)
        if changed and not ike_misfit(ike, former.ike):
            return _may_have_former(changed)
    return ""


def _child_reason(
    child: ChildSa, ike: IkeSa, present: Configuration, formers: t.Sequence[Configuration]
) -> str:
    wanted = present.children.get(child.name)
    if wanted is None:
        return "the connection has no such child"
    option = child_misfit(child, wanted, present.ike, ike.version)
    if option:
        return f"it does not have the present {option}"
    for former in formers:
        held = former.children.get(child.name)
        changed = present.child_changes(child.name, former)
        if held is None or not changed:
            continue
        if not child_misfit(child, held, former.ike, ike.version):
            return _may_have_former(changed)
    return ""


def _may_have_former(changed: t.Sequence[str]) -> str:
    return f"{', '.join(changed)} changed while it was up, so it may have the former configuration"
