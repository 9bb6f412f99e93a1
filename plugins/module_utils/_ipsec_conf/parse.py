# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the syntax of ipsec.conf (pure).

The rules are those of strongSwan's src/starter/parser/lexer.l and parser.y.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.statement import (
    SETUP,
    Include,
    Opening,
    Setting,
    Statement,
)


class SyntaxFault(FileError):
    """A text is no ipsec.conf; O(line) says where."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line


_SPACE = re.compile(r"[\t ]+")
_COMMENT = re.compile(r"[\t ]*#[^\n]*")
_VERSION = re.compile(r"[\t ]*version[^\n]*")  # of FreeS/WAN; ignored
_SECTION = re.compile(r"(config setup|conn|ca)(?![^\"#= \t\n])")
_INCLUDE = re.compile(r"include[\t ]+(?=[^=])")
_WORD = re.compile(r"(?:@#)?[^\"#= \t\n]+")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PATTERN = re.compile(r'(?:[^"\\#\n\t ]|\\["#} ]|\\)*')
_ESCAPE = re.compile(r"\\(\r?\n|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\n": "", "\r\n": ""}


def parse(text: str) -> t.Tuple[Statement, ...]:
    """Return the statements of a text. Files that it includes are not read.

    :raises SyntaxFault: strongSwan would refuse the text.
    """
    return tuple(_Parser(text).statements())


def _unescape(match: t.Match[str]) -> str:
    return _ESCAPES.get(match.group(1), match.group(1))


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._line = 1

    def statements(self) -> t.Iterator[Statement]:
        while self._position < len(self._text):
            self._match(_VERSION)
            line = self._line
            opening = self._match(_SECTION)
            if opening is not None:
                yield self._section(opening, line)
            elif self._match(_SPACE):
                yield from self._indented()
            elif self._match(_INCLUDE):
                yield Include(self._pattern(), line)
                yield from self._indented()
            self._end_of_line()

    def _section(self, kind: str, line: int) -> Opening:
        name = self._next_word()
        if kind == SETUP:
            return Opening(kind, "", line)
        if not name:
            raise SyntaxFault(line, f"a name is missing after '{kind}'")
        return Opening(kind, name, line)

    def _indented(self) -> t.Iterator[Statement]:
        """Read what may stand after white space: a setting, an include, or nothing."""
        line = self._line
        while self._match(_INCLUDE):
            yield Include(self._pattern(), line)
            self._match(_SPACE)
        name = self._next_word()
        if name is None:
            return
        self._match(_SPACE)
        if not name:
            raise SyntaxFault(line, "the name of a setting is empty")
        if not self._match(re.compile("=")):
            raise SyntaxFault(line, f"expected '=' after '{name}'")
        words = []
        while True:
            word = self._next_word()
            if word is None:
                break
            words.append(word)
        yield Setting(name, " ".join(words) if words else None, line)

    def _next_word(self) -> t.Optional[str]:
        self._match(_SPACE)
        if self._peek() == '"':
            return self._string()
        return self._match(_WORD)

    def _pattern(self) -> str:
        if self._peek() == '"':
            return self._string()
        return re.sub(r'\\(["#} ])', r"\1", self._match(_PATTERN) or "")

    def _string(self) -> str:
        match = _STRING.match(self._text, self._position)
        if match is None:
            raise SyntaxFault(self._line, "a quoted string is not closed")
        self._advance(match)
        return _ESCAPE.sub(_unescape, match.group(1))

    def _end_of_line(self) -> None:
        self._match(_COMMENT)
        self._match(_SPACE)
        if self._position < len(self._text) and not self._match(re.compile("\n")):
            raise SyntaxFault(
                self._line,
                f"unexpected '{self._peek()}': expected a section, a setting that is indented, or"
                " the end of the line",
            )

    def _match(self, pattern: t.Pattern[str]) -> t.Optional[str]:
        match = pattern.match(self._text, self._position)
        if match is None or not match.group():
            return None
        self._advance(match)
        return match.group()

    def _advance(self, match: t.Match[str]) -> None:
        self._line += match.group().count("\n")
        self._position = match.end()

    def _peek(self) -> str:
        return self._text[self._position : self._position + 1]
