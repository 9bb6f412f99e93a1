# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render statements as ipsec.conf text (pure): the same ones always give the same text."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.statement import (
    SETUP,
    Include,
    Opening,
    Statement,
)

_BARE = re.compile(r'[^"#= \t\r\n\\]+\Z')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def render(statements: t.Iterable[Statement]) -> str:
    """Return the text of a file."""
    return "".join(f"{_line(one)}\n" for one in statements)


def quote(value: str) -> str:
    """Return a word or a text as it is written: in quotes if it must be."""
    if _BARE.match(value):
        return value
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def _line(one: Statement) -> str:
    if isinstance(one, Opening):
        return one.kind if one.kind == SETUP else f"{one.kind} {quote(one.name)}"
    if isinstance(one, Include):
        escaped = quote(one.pattern)
        return f"include {escaped}"
    value = "" if one.value is None else quote(one.value)
    return f"    {quote(one.name)}={value}"
