# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A section of swanctl.conf as a tree (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Section:
    """A section: settings and sections by name, each in the order of the file.

    O(references) are the sections whose settings it inherits (C(name : other {)). O(line) is where
    it begins, 0 if it was not read from a file; it does not count in a comparison. The root of a
    file is a section without a name.
    """

    name: str = ""
    settings: t.Mapping[str, str] = field(default_factory=dict)
    sections: t.Mapping[str, Section] = field(default_factory=dict)
    references: t.Tuple[str, ...] = ()
    includes: t.Tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    def children(self, name: str) -> t.Mapping[str, Section]:
        """Return the sections inside the section of this name; none if there is no such section."""
        inner = self.sections.get(name)
        return inner.sections if inner else {}


def flatten(section: Section, prefix: str = "") -> t.Dict[str, str]:
    """Return all settings with their dotted paths, as in V(children.net.mark_in)."""
    flat = {prefix + name: value for name, value in section.settings.items()}
    for name, inner in section.sections.items():
        flat.update(flatten(inner, f"{prefix}{name}.") or {f"{prefix}{name}": "without settings"})
    if section.references:
        flat[f"{prefix}(inherits)"] = ", ".join(section.references)
    if section.includes:
        flat[f"{prefix}(includes)"] = ", ".join(section.includes)
    return flat
