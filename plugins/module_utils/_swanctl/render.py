# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Render a section as swanctl.conf text (pure): the same section always gives the same text."""

from __future__ import annotations

import functools
import re
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section

_INDENT = "  "
_BARE = re.compile(r'[^#{}"\\\s]+(?: [^#{}"\\\s]+)*\Z')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def render(root: Section) -> str:
    """Return the text of the root section of a file.

    Includes come first in their section, as their place among the settings is not known.
    """
    lines: t.List[str] = []
    _write(root, "", lines)
    return "".join(lines)


@functools.lru_cache(maxsize=1 << 10)  # a thousand connections have few values of most settings
def quote(value: str) -> str:
    """Return a value as it is written: in quotes if it must be.

    :raises ValueError: it has a NUL byte, which no file can hold.
    """
    if "\0" in value:
        raise ValueError("a NUL byte cannot be written into swanctl.conf")
    if _BARE.match(value):
        return value
    return _string(value)


def _string(value: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def _write(section: Section, indent: str, lines: t.List[str]) -> None:
    lines += [f"{indent}include {_string(pattern)}\n" for pattern in section.includes]
    lines += [f"{indent}{name} = {quote(value)}\n" for name, value in section.settings.items()]
    lines += [f"{indent}{name} =\n" for name in section.unset]
    for name, inner in section.sections.items():
        references = f" : {', '.join(inner.references)}" if inner.references else ""
        lines.append(f"{indent}{name}{references} {{\n")
        _write(inner, indent + _INDENT, lines)
        lines.append(f"{indent}}}\n")
