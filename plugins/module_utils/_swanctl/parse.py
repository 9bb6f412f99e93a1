# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the syntax of swanctl.conf and strongswan.conf (pure).

The rules are those of strongSwan's src/libstrongswan/settings/settings_lexer.l and
settings_parser.y. C(include) is noted, and not followed.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section


class SyntaxFault(FileError):
    """A text is no swanctl.conf; O(line) says where."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line


_SPACE = re.compile(r"(?:[\t\r\n ]+|#[^\n]*)+")
_NAME = re.compile(r'[^#{}:.,="\r\n\t ]+')
_REFERENCE = re.compile(r'[^#{}:.,="\r\n\t ]+(?:\.[^#{}:.,="\r\n\t ]+)*')
_INCLUDE = re.compile(r"include[\t ]+(?!=)")
_PATTERN = re.compile(r'(?:[^"\\#}\r\n\t ]|\\[^\n])+')
_WORD = re.compile(r'[^#}"\r\n\t ]+')
_BLANK = re.compile(r"[\t\r ]+")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(\r?\n|.)|\r", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\n": "", "\r\n": ""}


@dataclass
class _Open:
    """A section whose end has not been read yet."""

    name: str
    line: int
    references: t.Tuple[str, ...] = ()
    settings: t.Dict[str, str] = field(default_factory=dict)
    sections: t.Dict[str, Section] = field(default_factory=dict)
    includes: t.List[str] = field(default_factory=list)

    def close(self) -> Section:
        return Section(
            self.name,
            self.settings,
            self.sections,
            self.references,
            tuple(self.includes),
            self.line,
        )


def parse(text: str) -> Section:
    """Return the root section of a text.

    A section that is opened twice is one section; of a setting that is made twice the last counts.

    :raises SyntaxFault: strongSwan would refuse the text.
    """
    return _Parser(text).root()


def _merge(first: Section, second: Section) -> Section:
    sections = dict(first.sections)
    for name, inner in second.sections.items():
        sections[name] = _merge(sections[name], inner) if name in sections else inner
    return Section(
        first.name,
        {**first.settings, **second.settings},
        sections,
        first.references + second.references,
        first.includes + second.includes,
        first.line,
    )


def _unescape(match: t.Match[str]) -> str:
    escaped = match.group(1)
    return "" if escaped is None else _ESCAPES.get(escaped, escaped)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def root(self) -> Section:
        stack = [_Open("", 0)]
        while True:
            self._match(_SPACE)
            if self._position == len(self._text):
                break
            if self._take("}"):
                if len(stack) == 1:
                    raise self._fault("unexpected '}'")
                closed = stack.pop().close()
                sections = stack[-1].sections
                former = sections.get(closed.name)
                sections[closed.name] = _merge(former, closed) if former else closed
                continue
            opened = self._statement(stack[-1])
            if opened is not None:
                stack.append(opened)
        if len(stack) > 1:
            raise SyntaxFault(stack[-1].line, f"section '{stack[-1].name}' is not closed")
        return stack[0].close()

    def _statement(self, parent: _Open) -> t.Optional[_Open]:
        """Read a setting or an include into its section, or return the section that opens."""
        line = self._line()
        if self._match(_INCLUDE):
            parent.includes.append(self._pattern())
            return None
        name = self._match(_NAME)
        if name is None:
            raise self._fault(f"unexpected {self._next()}: expected a name")
        self._match(_SPACE)
        if self._take("="):
            value = self._value()
            if value is not None:
                parent.settings[name] = value
            else:
                parent.settings.pop(name, None)
            return None
        references = self._references() if self._take(":") else ()
        self._match(_SPACE)
        if not self._take("{"):
            raise self._fault(f"unexpected {self._next()} after a name: expected '=' or '{{'")
        return _Open(name, line, references)

    def _references(self) -> t.Tuple[str, ...]:
        found = []
        while True:
            self._match(_SPACE)
            name = self._match(_REFERENCE)
            if name is None:
                raise self._fault(f"unexpected {self._next()}: expected the name of a section")
            found.append(name)
            self._match(_SPACE)
            if not self._take(","):
                return tuple(found)

    def _value(self) -> t.Optional[str]:
        """Read words and strings up to the end of the line; None if there are none."""
        parts: t.List[str] = []
        while True:
            self._match(_BLANK)
            part = self._string() if self._peek() == '"' else self._match(_WORD)
            if part is None:
                return " ".join(parts) if parts else None
            parts.append(part)

    def _pattern(self) -> str:
        if self._peek() == '"':
            return self._string()
        return self._match(_PATTERN) or ""

    def _string(self) -> str:
        match = _STRING.match(self._text, self._position)
        if match is None:
            raise self._fault("a quoted string is not closed")
        self._position = match.end()
        return _ESCAPE.sub(_unescape, match.group(1))

    def _match(self, pattern: t.Pattern[str]) -> t.Optional[str]:
        match = pattern.match(self._text, self._position)
        if match is None:
            return None
        self._position = match.end()
        return match.group()

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self._position += 1
        return True

    def _peek(self) -> str:
        return self._text[self._position : self._position + 1]

    def _next(self) -> str:
        return f"'{self._peek()}'" if self._peek() else "end of file"

    def _line(self) -> int:
        return self._text.count("\n", 0, self._position) + 1

    def _fault(self, problem: str) -> SyntaxFault:
        return SyntaxFault(self._line(), problem)
