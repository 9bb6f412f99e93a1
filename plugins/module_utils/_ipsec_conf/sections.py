# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sections of ipsec.conf as all of its files give them, and what each inherits (pure).

The rules are those of strongSwan's src/starter/parser/conf_parser.c.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.statement import (
    Include,
    Opening,
    Setting,
    Statement,
)

DEFAULT = "%default"  # what all other sections of its kind inherit

Located = t.Tuple[str, Statement]
"""The file that a statement is in, and the statement."""


@dataclass
class ConfSection:
    """A section: where it is opened, its settings, and the sections that it inherits from."""

    kind: str
    name: str
    places: t.List[t.Tuple[str, int]] = field(default_factory=list)
    settings: t.Dict[str, t.Optional[str]] = field(default_factory=dict)
    also: t.List[str] = field(default_factory=list)


Sections = t.Dict[t.Tuple[str, str], ConfSection]


def collect(statements: t.Iterable[Located]) -> Sections:
    """Return the sections by kind and name: one that is opened twice is one section."""
    sections: Sections = {}
    current: t.Optional[ConfSection] = None
    for path, one in statements:
        if isinstance(one, Opening):
            key = (one.kind, one.name)
            current = sections.setdefault(key, ConfSection(one.kind, one.name))
            current.places.append((path, one.line))
        elif isinstance(one, Setting) and current is not None:
            if one.name != "also":
                current.settings[one.name] = one.value
            elif one.value and one.value != DEFAULT:
                current.also.append(one.value)
    return sections


def missing(section: ConfSection, sections: Sections) -> t.List[str]:
    """Return the sections that one inherits from and that are nowhere: starter refuses all then."""
    return [name for name in section.also if (section.kind, name) not in sections]


def effective(section: ConfSection, name: str, sections: Sections) -> t.Optional[str]:
    """Return the value that a setting has in the end, its own or an inherited one."""
    for one in [section, *_parents(section, sections, ())]:
        if name in one.settings:
            return one.settings[name]
    return None


def _parents(
    section: ConfSection, sections: Sections, seen: t.Tuple[str, ...]
) -> t.List[ConfSection]:
    """Return what a section inherits from, the nearest first.

    Of what is reached in several ways the last occurrence counts; V(%default) comes last.
    """
    line: t.List[ConfSection] = []
    for name in reversed(section.also):
        parent = sections.get((section.kind, name))
        if parent is None or name in (*seen, section.name):
            continue
        line += [parent, *_parents(parent, sections, (*seen, section.name))]
    if not line and (section.kind, DEFAULT) in sections and section.name != DEFAULT:
        line = [sections[section.kind, DEFAULT]]
    names = [one.name for one in line]
    return [one for place, one in enumerate(line) if one.name not in names[place + 1 :]]


def patterns(statements: t.Iterable[Statement]) -> t.List[str]:
    """Return the patterns of the files that a file includes."""
    return [one.pattern for one in statements if isinstance(one, Include)]
