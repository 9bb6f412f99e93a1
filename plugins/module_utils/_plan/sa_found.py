# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SAs that charon has, as far as entries mean them (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import (
    ChildSa,
    IkeSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa_wanted import (
    WantedSa,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.disruption import (
    live,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.in_force import (
    Formers,
    Verdict,
    not_in_force,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.shared_ike import (
    Holders,
    part_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
)

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


def names_of(one: WantedSa, found: FoundSas) -> t.Tuple[str, ...]:
    """Return the names of the children that an entry means."""
    return (one.child,) if one.child else found.children.get(one.connection, ())
