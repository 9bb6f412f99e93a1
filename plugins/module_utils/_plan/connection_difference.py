# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How two configurations of a connection differ, as charon sees it when one is loaded (pure).

The rules are those of strongSwan's src/libcharon/config/{peer_cfg,ike_cfg,child_cfg}.c.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import meanings
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

Meanings = t.Mapping[str, t.Any]

UNNOTICED = frozenset({"dpd_timeout", "dscp"})
"""Settings that charon leaves out when it compares: it drops a change of these alone."""


@dataclass(frozen=True)
class Difference:
    """The settings of the IKE SA that differ, and the children that charon takes out or puts in.

    Each child comes with the settings that differ; none if it is removed or new.
    """

    ike: t.Tuple[str, ...] = ()
    removed: t.Mapping[str, t.Tuple[str, ...]] = field(default_factory=dict)
    added: t.Tuple[str, ...] = ()

    @property
    def unnoticed(self) -> bool:
        """Whether charon would not notice that the IKE SA's settings differ."""
        return bool(self.ike) and UNNOTICED.issuperset(self.ike)


def difference(former: Section, wanted: Section) -> Difference:
    """Return how the configuration that charon holds differs from the wanted one."""
    (ike, children), (wanted_ike, wanted_children) = parts_of(former), parts_of(wanted)
    left = dict(children)
    added = []
    for name, child in wanted_children.items():
        # charon compares children without their names
        same = next((other for other, held in left.items() if held == child), None)
        if same is None:
            added.append(name)
        else:
            del left[same]
    removed = {
        name: differing(child, wanted_children[name]) if name in wanted_children else ()
        for name, child in left.items()
    }
    return Difference(differing(ike, wanted_ike), removed, tuple(added))


def differing(one: Meanings, other: Meanings) -> t.Tuple[str, ...]:
    """Return the names of the settings that mean something else, or are in one only."""
    return tuple(name for name in {**one, **other} if one.get(name) != other.get(name))


def parts_of(connection: Section) -> t.Tuple[Meanings, t.Mapping[str, Meanings]]:
    """Return what the settings outside the children mean, and those of each child by its name."""
    ike: t.Dict[str, t.Any] = {}
    children: t.Dict[str, t.Dict[str, t.Any]] = {
        name: {} for name in connection.children("children")
    }
    for path, value in _meanings(connection).items():
        if path.partition(".")[0] != "children":
            ike[path] = value
            continue
        _group, child, *names = path.split(".")
        if names:
            children[child][".".join(names)] = value
    return ike, children


def _meanings(connection: Section) -> Meanings:
    group = CONNECTION.group
    root = Section("", {}, {group: Section(group, {}, {connection.name: connection})})
    prefix = f"{group}.{connection.name}."
    return {
        path.removeprefix(prefix): value
        for path, value in meanings(root).items()
        if path.startswith(prefix)
    }
