# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the syntax of swanctl.conf and strongswan.conf (pure).

The rules are those of strongSwan's src/libstrongswan/settings/settings_parser.y.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
    merge,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.syntax import (
    Scanner,
    SyntaxFault,
)

__all__ = ["DEEPEST", "Include", "SyntaxFault", "parse"]

DEEPEST = 50
"""How deep sections may be nested: swanctl.conf has five levels."""

Include = t.Callable[[str, str], t.Iterable[t.Tuple[str, str]]]
"""Returns path and text of the files that a pattern means in the file of this path."""


@dataclass
class _Open:
    """A section whose end has not been read yet; a setting without a value is None."""

    name: str
    file: str
    line: int
    references: t.Tuple[str, ...] = ()
    settings: t.Dict[str, t.Optional[str]] = field(default_factory=dict)
    sections: t.Dict[str, Section] = field(default_factory=dict)
    includes: t.List[str] = field(default_factory=list)

    def add(self, section: Section) -> None:
        former = self.sections.get(section.name)
        self.sections[section.name] = merge(former, section) if former else section

    def close(self) -> Section:
        return Section(
            self.name,
            {name: value for name, value in self.settings.items() if value is not None},
            self.sections,
            self.references,
            tuple(self.includes),
            self.line,
            tuple(name for name, value in self.settings.items() if value is None),
            self.file,
        )


def parse(text: str, file: str = "", include: t.Optional[Include] = None) -> Section:
    """Return the root section of a text.

    A section that is opened twice is one section; of a setting that is made twice the last counts.
    O(include) gives the files that the text includes; without it the patterns are noted only.

    :raises SyntaxFault: strongSwan would refuse the text.
    """
    root = _Open("", file, 0)
    _Parser(Scanner(text, file), include, 0).statements(root)
    return root.close()


class _Parser:
    def __init__(self, scanner: Scanner, include: t.Optional[Include], depth: int) -> None:
        self._scanner = scanner
        self._include = include
        self._depth = depth

    def statements(self, outer: _Open) -> None:
        """Read the whole text into a section."""
        scanner = self._scanner
        stack = [outer]
        while True:
            self._skip(stack[-1], self._depth + len(stack))
            if scanner.done:
                break
            if scanner.take("}"):
                if len(stack) == 1:
                    raise scanner.fault("unexpected '}'")
                closed = stack.pop().close()
                stack[-1].add(closed)
                continue
            opened = self._statement(stack[-1], self._depth + len(stack))
            if opened is not None:
                stack.append(opened)
        if len(stack) > 1:
            problem = f"section '{stack[-1].name}' is not closed"
            raise SyntaxFault(stack[-1].line, problem, scanner.file)

    def _statement(self, parent: _Open, depth: int) -> t.Optional[_Open]:
        """Read a setting into its section, or return the section that opens."""
        scanner = self._scanner
        line = scanner.line
        name = scanner.name()
        if name is None:
            raise scanner.unexpected("a name")
        self._skip(parent, depth)
        if scanner.take("="):
            parent.settings[name] = scanner.value()
            return None
        references = self._references() if scanner.take(":") else ()
        self._skip(parent, depth)
        if not scanner.take("{"):
            raise scanner.unexpected("'=' or '{' after a name")
        if depth > DEEPEST:
            raise scanner.fault(f"sections are nested more than {DEEPEST} levels deep")
        return _Open(name, scanner.file, line, references)

    def _skip(self, parent: _Open, depth: int) -> None:
        """Go on after white space, comments, and includes, which may be between any two words."""
        self._scanner.skip()
        while True:
            pattern = self._scanner.include()
            if pattern is None:
                return
            self._included(parent, pattern, depth)
            self._scanner.skip()

    def _included(self, parent: _Open, pattern: str, depth: int) -> None:
        if self._include is None:
            parent.includes.append(pattern)
            return
        if depth > DEEPEST:
            raise self._scanner.fault(f"includes are nested more than {DEEPEST} levels deep")
        for path, text in self._include(pattern, self._scanner.file):
            _Parser(Scanner(text, path), self._include, depth).statements(parent)

    def _references(self) -> t.Tuple[str, ...]:
        scanner = self._scanner
        found = []
        while True:
            scanner.skip()
            name = scanner.reference()
            if name is None:
                raise scanner.unexpected("the name of a section")
            found.append(name)
            scanner.skip()
            if not scanner.take(","):
                return tuple(dict.fromkeys(found))
