# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that are swanctl.conf, and texts that nearly are: always the same for the same seed."""

from __future__ import annotations

import random
import typing as t

NAMES = ("a", "b", "gw", "net-1", "x_y", "local", "remote-2", "children", "Pools", "settings*")
KEYS = ("version", "remote_addrs", "pools", "updown", "Local_TS", "groups", "include_", "mark_in")
WORDS = ("1", "yes", "10.1.0.0/16", "fd00::/8[tcp/80]", "a=b{c", "%any", "ö", "'x,y'", "\\n", "a:b")
STRINGS = ('"a b"', '""', '"#{}=\\""', '"\\n\\t\\x"', '"one\ntwo"', '"a\\\nb"', '"1, 2 ,3"', '"\r"')
TARGETS = ("base", "base", "base.a", "connections.gw", "none")
BREAKS = ("\n", " \n", "\r\n", " # one\n", "#two { }\n", "\n\n\t", " # three\r\n")
TOKENS = (
    *NAMES,
    *WORDS,
    *STRINGS,
    *BREAKS,
    *("{", "}", "=", " ", "\t", "\r", "\n", ":", ",", ".", '"', "#", "\\"),
    *("include none/*\n", "include  =", "include", "connections {", "}\n}\n", "a = b\n"),
)


def text(seed: int) -> str:
    """Return a text: a good one, a good one with a fault, or a soup of words."""
    source = random.Random(seed)
    if seed % 3 == 2:
        return "".join(source.choice(TOKENS) for _count in range(source.randint(1, 12)))
    good = _document(source)
    return good if seed % 3 == 0 else _spoiled(source, good)


def _document(source: random.Random) -> str:
    groups = "".join(_section(source, "connections", 0) for _count in range(source.randint(1, 3)))
    return "include *.inc\n" * source.randint(0, 1) + _section(source, "base", 1) + groups


def _section(source: random.Random, name: str, depth: int) -> str:
    inner = [_statement(source, depth + 1) for _count in range(source.randint(0, 4))]
    references = ""
    if source.random() < 0.25:
        chosen = source.sample(TARGETS, source.randint(1, 2))
        references = f" : {', '.join(chosen)}"
    start = f"{name}{references}{source.choice((' ', _break(source)))}{{{_break(source)}"
    return f"{start}{''.join(inner)}}}{_break(source)}"


def _statement(source: random.Random, depth: int) -> str:
    if depth < 5 and source.random() < 0.8 / depth:
        return _section(source, source.choice(NAMES), depth)
    if source.random() < 0.05:
        return f"include {source.choice(('*.inc', 'none', chr(34) + 'one.inc' + chr(34)))}\n"
    parts = [source.choice((*WORDS, *STRINGS)) for _count in range(source.randint(0, 3))]
    separator = source.choice((" ", "  ", ", "))
    return f"{source.choice(KEYS)} = {separator.join(parts)}{_break(source)}"


def _break(source: random.Random) -> str:
    return source.choice(BREAKS)


def _spoiled(source: random.Random, good: str) -> str:
    """Return a text with one character too many, too few or another."""
    place = source.randrange(len(good))
    other: t.Sequence[str] = (*'{}=:,.#\\" \t\r\n', "a")
    removed = source.randint(0, 1)
    added = source.choice(("", source.choice(other)))
    return good[:place] + added + good[place + removed :]
