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

    O(references) are the sections whose settings it inherits (C(name : other {)), O(unset) the
    settings that it does not inherit (C(setting =)). O(file) and O(line) are where it begins, empty
    and 0 if it was not read from there; they do not count in a comparison. The root of a file is a
    section without a name.
    """

    name: str = ""
    settings: t.Mapping[str, str] = field(default_factory=dict)
    sections: t.Mapping[str, Section] = field(default_factory=dict)
    references: t.Tuple[str, ...] = ()
    includes: t.Tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
    unset: t.Tuple[str, ...] = ()
    file: str = field(default="", compare=False)

    def children(self, name: str) -> t.Mapping[str, Section]:
        """Return the sections inside the section of this name; none if there is no such section."""
        inner = self.sections.get(name)
        return inner.sections if inner else {}


def merge(first: Section, second: Section) -> Section:
    """Return the one section that two of the same name are: of a setting the second one counts."""
    sections = dict(first.sections)
    for name, inner in second.sections.items():
        sections[name] = merge(sections[name], inner) if name in sections else inner
    settings = {**first.settings, **second.settings}
    for name in second.unset:
        settings.pop(name, None)
    unset = (*(name for name in first.unset if name not in second.settings), *second.unset)
    return Section(
        first.name,
        settings,
        sections,
        _once(first.references + second.references),
        first.includes + second.includes,
        first.line,
        _once(unset),
        first.file,
    )


def _once(names: t.Iterable[str]) -> t.Tuple[str, ...]:
    return tuple(dict.fromkeys(names))


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
