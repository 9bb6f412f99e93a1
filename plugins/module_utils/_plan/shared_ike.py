# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IKE SAs that connections share (pure): charon names one after the connection that made it.

It makes a child in the IKE SA of another connection where both have the same settings outside their
children. Names of children tell whose they are, as no two connections have the same.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.ipsec.strongswan.plugins.module_utils._model.sa import IkeSa
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

Holders = t.Mapping[str, str]
"""The connection that has a child, by the child's name."""

ByConnection = t.Mapping[str, t.Tuple[IkeSa, ...]]


def holders_in(sections: t.Iterable[Section]) -> t.Dict[str, str]:
    """Return which of these connections has which child."""
    return {child: one.name for one in sections for child in one.children("children")}


def strangers(sas: ByConnection, holders: Holders) -> bool:
    """Return whether an SA is of a child that is not among these."""
    return any(
        child.name not in holders for ikes in sas.values() for ike in ikes for child in ike.children
    )


def shared_out(sas: ByConnection, holders: Holders) -> t.Dict[str, t.Tuple[IkeSa, ...]]:
    """Return the SAs by connection, an IKE SA also for the others that have children in it.

    Such a one keeps its name, that of the connection that made it, and has their children only.
    """
    found = dict(sas)
    for name, ikes in sas.items():
        for ike in ikes:
            for guest in sorted({holders.get(child.name, name) for child in ike.children} - {name}):
                found[guest] = (*found.get(guest, ()), part_of(guest, ike, holders))
    return found


def part_of(connection: str, ike: IkeSa, holders: Holders) -> IkeSa:
    """Return an IKE SA with the children of one connection only."""
    mine = [one for one in ike.children if holders.get(one.name, ike.name) == connection]
    return replace(ike, children=tuple(mine))
