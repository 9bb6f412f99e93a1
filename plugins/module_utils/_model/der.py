# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DER, the binary form of keys and certificates: as much as it takes to look into them (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

INTEGER, BIT_STRING, OCTET_STRING, OID, SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x30
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
CONTEXT = 0xA0  # [0], explicit; [1] is the next one


class DerError(ValueError):
    """Bytes that are not what they should be; no message shows them."""


@dataclass(frozen=True)
class Element:
    """An element: its tag, and the bytes in it."""

    tag: int
    content: bytes

    @property
    def children(self) -> t.List[Element]:
        """The elements inside.

        :raises DerError: there is something else inside.
        """
        found = []
        at = 0
        while at < len(self.content):
            element, at = _element(self.content, at)
            found.append(element)
        return found

    def require(self, tag: int) -> Element:
        """Return it if it has this tag.

        :raises DerError: it has another one.
        """
        if self.tag != tag:
            raise DerError(f"an element has tag {self.tag:#x} where {tag:#x} is expected")
        return self

    @property
    def bits(self) -> bytes:
        """The whole bytes of a bit string.

        :raises DerError: it is none.
        """
        content = self.require(BIT_STRING).content
        if not content or content[0]:
            raise DerError("a bit string does not end with a whole byte")
        return content[1:]


def decode(data: bytes) -> Element:
    """Return the one element that the bytes are.

    :raises DerError: they are none, or more.
    """
    element, end = _element(data, 0)
    if end != len(data):
        raise DerError("bytes follow its end")
    return element


def encode(tag: int, content: bytes) -> bytes:
    """Return an element as bytes."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def _element(data: bytes, at: int) -> t.Tuple[Element, int]:
    try:
        tag, length = data[at], data[at + 1]
    except IndexError:
        raise DerError("it is cut off") from None
    start = at + 2
    if length & 0x80:
        size = length & 0x7F
        if not 0 < size <= 4:
            raise DerError("an element has no proper length")
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    end = start + length
    if end > len(data):
        raise DerError("it is cut off")
    return Element(tag, data[start:end]), end
