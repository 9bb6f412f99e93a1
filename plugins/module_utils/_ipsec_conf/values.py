# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of ipsec.conf: checked, and turned into what they mean (pure).

The notations are those of strongSwan's src/starter/args.c and confread.c.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    parse_mark,
)

_TIME = re.compile(r"(\d{1,10})([smhd]?)\Z")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Kind:
    """A kind of value: how it is checked and compared, and the type of the module's option.

    O(many) is a list, written with commas.
    """

    parse: t.Callable[[str], t.Any]
    type: str = "str"
    many: bool = False


def parse_text(text: str) -> str:
    """Return printable text.

    :raises ValueError: it is empty or has control characters.
    """
    if not text or not text.isprintable() or text != text.strip():
        raise ValueError("expected printable text without white space around it")
    return text


def parse_item(text: str) -> str:
    """Return an item of a list.

    :raises ValueError: it has a comma or white space in it.
    """
    if not text or not text.isprintable() or re.search(r"[,\s]", text):
        raise ValueError("expected text without commas and white space: give a list of such items")
    return text


def parse_time(text: str) -> int:
    """Return seconds: V(3600), V(3600s), V(60m), V(1h).

    :raises ValueError: it is no time as starter reads it.
    """
    match = _TIME.match(text)
    if match is None:
        raise ValueError("expected a time like 30s, 10m, 4h or 1d")
    return int(match.group(1)) * _SECONDS[match.group(2)]


def parse_number(text: str) -> int:
    """Return a decimal number.

    :raises ValueError: it is none.
    """
    if not (text.isascii() and text.isdigit()):
        raise ValueError("expected a decimal number")
    return int(text)


def parse_tries(text: str) -> int:
    """Return how often to try; V(%forever) is 0.

    :raises ValueError: it is neither a number nor V(%forever).
    """
    return 0 if text == "%forever" else parse_number(text)


def parse_percent(text: str) -> int:
    """Return a percentage.

    :raises ValueError: it is none.
    """
    if not text.endswith("%"):
        raise ValueError("expected a percentage like 100%")
    return parse_number(text[:-1])


def parse_binary(text: str) -> int:
    """Return a number written in binary digits.

    :raises ValueError: it is none.
    """
    if not re.fullmatch("[01]+", text):
        raise ValueError("expected binary digits like 000000")
    return int(text, 2)


def parse_padding(text: str) -> str:
    """Return how far packets are padded: bytes, or V(%mtu).

    :raises ValueError: it is neither.
    """
    if text != "%mtu":
        parse_number(text)
    return text


def parse_switch(text: str) -> bool:
    """Return what V(yes) or V(no) says.

    :raises ValueError: it is neither.
    """
    if text not in {"yes", "no"}:
        raise ValueError("expected yes or no")
    return text == "yes"


TEXT = Kind(parse_text)
LIST = Kind(parse_item, many=True)
TIME = Kind(parse_time)
NUMBER = Kind(parse_number, type="int")
COUNT = Kind(parse_number)
TRIES = Kind(parse_tries)
PERCENT = Kind(parse_percent)
BINARY = Kind(parse_binary)
PADDING = Kind(parse_padding)
SWITCH = Kind(parse_switch, type="bool")
MARK = Kind(parse_mark)
