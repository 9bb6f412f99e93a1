# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words that a swanctl.conf is made of (pure): how strongSwan's lexer cuts a text.

The rules are those of strongSwan's src/libstrongswan/settings/settings_lexer.l.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError

# A comment after blanks ends at a carriage return, any other one at the end of the line.
_SPACE = re.compile(r"(?:[\t ]+#[^\r\n]*|#[^\n]*\n|#[^\r\n]*|[\t\r ]+|\n)+")
_NAME = re.compile(r'[^#{}:.,="\r\n\t ]+')
_REFERENCE = re.compile(r'[^#{}:.,="\r\n\t ]+(?:\.[^#{}:.,="\r\n\t ]+)*')
_INCLUDE = re.compile(r"include[\t ]+(?=[^=])")
_PATTERN = re.compile(r'(?:[^"\\#}\r\n\t ]|\\["#} ]|\\)+')
_PATTERN_ESCAPE = re.compile(r'\\(["#} ])')
_WORD = re.compile(r'[^#}"\r\n\t ]+')
_BLANK = re.compile(r"[\t\r ]+")
_RETURNS = re.compile(r"\r+")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(\r?\n|.)|\r", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\n": "", "\r\n": ""}


class SyntaxFault(FileError):
    """A text is no swanctl.conf; O(line) says where, O(file) in which file if that is known."""

    def __init__(self, line: int, problem: str, file: str = "") -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.file = file


class Scanner:
    """Cuts a text into its words, from the beginning on."""

    def __init__(self, text: str, file: str = "") -> None:
        self.file = file
        self._text = text
        self._position = 0
        self._line, self._counted = 1, 0
        nul = text.find("\0")
        if nul >= 0:
            self._position = nul
            raise self.fault("a NUL byte: it ends a name or value without notice, remove it")

    @property
    def done(self) -> bool:
        """Whether the text is at its end."""
        return self._position == len(self._text)

    @property
    def line(self) -> int:
        """The number of the line to be read next."""
        self._line += self._text.count("\n", self._counted, self._position)
        self._counted = self._position
        return self._line

    def fault(self, problem: str) -> SyntaxFault:
        """Return a fault at this place."""
        return SyntaxFault(self.line, problem, self.file)

    def unexpected(self, expected: str) -> SyntaxFault:
        """Return a fault at this place that names what is here."""
        here = f"'{self._peek()}'" if self._peek() else "end of file"
        return self.fault(f"unexpected {here}: expected {expected}")

    def skip(self) -> None:
        """Go on after white space and comments."""
        self._match(_SPACE)

    def take(self, character: str) -> bool:
        """Go on after this character if it is here."""
        if self._peek() != character:
            return False
        self._position += 1
        return True

    def name(self) -> t.Optional[str]:
        """Read the name of a setting or section, if there is one."""
        return self._match(_NAME)

    def reference(self) -> t.Optional[str]:
        """Read the path of a section, if there is one."""
        return self._match(_REFERENCE)

    def include(self) -> t.Optional[str]:
        """Read an include statement if there is one: return the pattern of its files."""
        if not self._match(_INCLUDE):
            return None
        pattern = ""
        while True:
            self._match(_RETURNS)
            if self._peek() == '"':
                return pattern + self._string()
            part = self._match(_PATTERN)
            if part is None:
                return pattern
            pattern += _PATTERN_ESCAPE.sub(r"\1", part)

    def value(self) -> t.Optional[str]:
        """Read words and strings up to the end of the line; None if there are none."""
        parts: t.List[str] = []
        while True:
            self._match(_BLANK)
            part = self._string() if self._peek() == '"' else self._match(_WORD)
            if part is None:
                return " ".join(parts) if parts else None
            parts.append(part)

    def _string(self) -> str:
        match = _STRING.match(self._text, self._position)
        if match is None:
            raise self.fault("a quoted string is not closed")
        self._position = match.end()
        return _ESCAPE.sub(_unescape, match.group(1))

    def _match(self, pattern: t.Pattern[str]) -> t.Optional[str]:
        match = pattern.match(self._text, self._position)
        if match is None:
            return None
        self._position = match.end()
        return match.group()

    def _peek(self) -> str:
        return self._text[self._position : self._position + 1]


def _unescape(match: t.Match[str]) -> str:
    escaped = match.group(1)
    return "" if escaped is None else _ESCAPES.get(escaped, escaped)
