# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What sections inherit from others by C(name : other {) (pure).

The rules are those of strongSwan's src/libstrongswan/settings/settings.c: a section's own settings
count before those of the sections that it refers to, in their order, and its sections inherit from
those of the same name there.
"""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import DEEPEST
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

MANY = 500_000
"""Sections to look at before it must be a circle: a thousand connections need some ten thousand."""

Path = t.Tuple[str, ...]


GROUPS = ("connections", "secrets", "pools", "authorities")
"""The sections of a swanctl.conf that swanctl reads; others may be there to be referred to."""


def resolve(root: Section, groups: t.Sequence[str] = GROUPS) -> Section:
    """Return these sections of a root with all that they inherit, and without references.

    References that lead back to themselves are passed over.

    :raises FileError: they make sections without end.
    """
    resolver = _Resolver(root)
    found = {name: root.sections[name] for name in groups if name in root.sections}
    return Section(
        root.name,
        {},
        {
            name: resolver.section(section, (name,)) if _refers(root) else section
            for name, section in found.items()
        },
        line=root.line,
        file=root.file,
    )


def _refers(section: Section) -> bool:
    return bool(section.references) or any(_refers(inner) for inner in section.sections.values())


class _Resolver:
    def __init__(self, top: Section) -> None:
        self._top = top
        self._open: t.List[str] = []
        self._steps = 0

    def section(self, own: Section, path: Path) -> Section:
        """Return the section at a path; O(own) is the first that defines it."""
        if len(path) > DEEPEST:
            raise FileError(f"section {'.'.join(path[:5])}...: it inherits from itself without end")
        parts: t.List[Section] = []
        self._find(self._top, path, parts)
        settings: t.Dict[str, t.Optional[str]] = {}
        inner: t.Dict[str, Section] = {}
        for part in parts:
            for name in part.unset:
                settings.setdefault(name, None)
            for name, value in part.settings.items():
                settings.setdefault(name, value)
            for name, section in part.sections.items():
                inner.setdefault(name, section)
        return Section(
            own.name,
            {name: value for name, value in settings.items() if value is not None},
            {name: self.section(section, (*path, name)) for name, section in inner.items()},
            line=own.line,
            file=own.file,
        )

    def _find(
        self, section: Section, path: Path, found: t.List[Section], follow: bool = True
    ) -> None:
        """Add all sections that a path below a section means, the nearest first."""
        self._steps += 1
        if self._steps > MANY:
            raise FileError(f"section {'.'.join(path)}: references multiply without end")
        inner = section.sections.get(path[0])
        if inner is not None and len(path) > 1:
            self._find(inner, path[1:], found)
        elif inner is not None and not any(inner is one for one in found):
            found.append(inner)
            for reference in inner.references:
                self._referred(reference, found)
        if follow:
            for reference in section.references:
                others: t.List[Section] = []
                self._referred(reference, others)
                for other in others:
                    self._find(other, path, found, follow=False)

    def _referred(self, reference: str, found: t.List[Section]) -> None:
        if reference in self._open:
            return
        self._open.append(reference)
        self._find(self._top, tuple(reference.split(".")), found)
        self._open.pop()
