# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The marks and if_ids of children (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    parse_if_id,
    parse_mark,
)

Mark = t.Tuple[int, int]
"""Value and mask."""


@dataclass(frozen=True)
class Child:
    """A child with its connection, and what ties both to a tunnel device."""

    connection: Section
    section: Section
    marks: t.FrozenSet[Mark] = frozenset()
    mark_out: t.Optional[int] = None
    if_id_out: t.Optional[int] = None

    @property
    def object(self) -> str:
        """How messages name it."""
        return f"connection {self.connection.name}: child {self.section.name}"


def children_of(connections: t.Iterable[Section]) -> t.Iterator[Child]:
    """Return the children of connections that have a mark or an if_id of their own.

    Values that nobody can read are passed over: a file by hand may hold anything.
    """
    for connection in connections:
        outer = connection.settings
        for section in connection.children("children").values():
            settings = section.settings
            if not (_NAMES & settings.keys() or _IF_IDS & outer.keys()):
                continue
            marks = {
                name: _tried(parse_mark, settings[name])
                for name in ("mark_in", "mark_out")
                if name in settings
            }
            fixed = {name: mark for name, mark in marks.items() if mark and mark[0] not in _UNIQUE}
            if_id = settings.get("if_id_out") or outer.get("if_id_out", "")
            number = _tried(parse_if_id, if_id) if if_id else None
            yield Child(
                connection,
                section,
                frozenset(fixed.values()),
                fixed["mark_out"][0] if "mark_out" in fixed else None,
                number if isinstance(number, int) else None,
            )


_IF_IDS = {"if_id_in", "if_id_out"}
_NAMES = {"mark_in", "mark_out", *_IF_IDS}
_UNIQUE = ("%unique", "%unique-dir")


def _tried(parse: t.Callable[[str], t.Any], text: str) -> t.Any:
    try:
        return parse(text)
    except ValueError:
        return None
