# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A section of swanctl.conf as data for a report: numbers, seconds, lists, no secrets (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import (
    Key,
    kind_of,
    split,
    table_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.value_kinds import (
    COUNT,
    NUMBER,
    SIZE,
    SWITCH,
    TIME,
)

Facts = t.Dict[str, t.Any]

HIDDEN = frozenset({"secret", "pin"})
"""Settings that no report shows, whatever section has them."""

_PLAIN = (COUNT, NUMBER, SIZE, SWITCH, TIME)
_ROUNDS = frozenset({"local", "remote"})


def file_settings(section: Section, *path: str) -> Facts:
    """Return the settings of the section at this path, the group's name first.

    Rounds of authentication and children are lists whose entries have a name, as in the report of
    what charon holds.
    """
    table = table_of(path)
    facts: Facts = {
        name: _value(text, table.get(name.lower()))
        for name, text in section.settings.items()
        if name.lower() not in HIDDEN
    }
    for name, inner in section.sections.items():
        below = (*path, name)
        kind = kind_of(below)
        if kind_of((*below, "")) == "child":
            facts["children"] = [
                {"name": child, **file_settings(one, *below, child)}
                for child, one in inner.sections.items()
            ]
        elif kind in _ROUNDS:
            facts.setdefault(kind, []).append({"name": name, **file_settings(inner, *below)})
        else:
            facts[name] = file_settings(inner, *below)
    if section.references:
        facts["inherits"] = list(section.references)
    return facts


def _value(text: str, key: t.Optional[Key]) -> t.Any:
    if key is None:
        return text
    if key.kind.many:
        return split(text)
    if key.kind in _PLAIN:
        try:
            return key.kind.parse(text)
        except ValueError:
            return text
    return text
