# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlink attributes: packed, and read in place from the buffer that the kernel sent.

An attribute is its length and type, two u16 in the host's byte order, its payload, and zeroes up
to the next multiple of four; the length does not count those (struct nlattr).
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import typing as t

NLA_F_NESTED = 0x8000
NLA_TYPE_MASK = 0x3FFF  # without NLA_F_NESTED and NLA_F_NET_BYTEORDER

_HEADER = struct.Struct("=HH")
_PADDING = (b"", b"\0\0\0", b"\0\0", b"\0")

_U16 = struct.Struct("=H")
_U32 = struct.Struct("=I")
_BE32 = struct.Struct(">I")
_ATTRIBUTE_U8 = struct.Struct("=HHBxxx")
_ATTRIBUTE_U16 = struct.Struct("=HHHxx")
_ATTRIBUTE_U32 = struct.Struct("=HHI")


def raw(kind: int, payload: bytes) -> bytes:
    """Pack an attribute whose payload is packed already."""
    size = len(payload)
    return _HEADER.pack(size + 4, kind) + payload + _PADDING[size % 4]


def u8(kind: int, value: int) -> bytes:
    """Pack a number of 8 bits."""
    return _ATTRIBUTE_U8.pack(5, kind, value)


def u16(kind: int, value: int) -> bytes:
    """Pack a number of 16 bits in the host's byte order."""
    return _ATTRIBUTE_U16.pack(6, kind, value)


def u32(kind: int, value: int) -> bytes:
    """Pack a number of 32 bits in the host's byte order."""
    return _ATTRIBUTE_U32.pack(8, kind, value)


def be32(kind: int, value: int) -> bytes:
    """Pack a number of 32 bits in the network's byte order."""
    return raw(kind, _BE32.pack(value))


def text(kind: int, value: str) -> bytes:
    """Pack a string, with the NUL at its end that the kernel expects."""
    return raw(kind, value.encode() + b"\0")


def nested(kind: int, *parts: bytes) -> bytes:
    """Pack an attribute made of attributes.

    The kernel's strict parsers, that of C(encap xfrm) among them, want NLA_F_NESTED.
    """
    return raw(kind | NLA_F_NESTED, b"".join(parts))


def address(value: str) -> bytes:
    """Return the bytes of an IPv4 or IPv6 address."""
    return socket.inet_pton(socket.AF_INET6 if ":" in value else socket.AF_INET, value)


def each(data: bytes, start: int, end: int) -> t.Iterator[t.Tuple[int, int, int]]:
    """Go through the attributes between two offsets: type, start and end of the payload."""
    unpack = _HEADER.unpack_from
    while start + 4 <= end:
        size, kind = unpack(data, start)
        if size < 4 or start + size > end:
            return  # the kernel sends no such thing; a wrong offset must not loop for ever
        yield kind & NLA_TYPE_MASK, start + 4, start + size
        start += (size + 3) & ~3


def u16_at(data: bytes, start: int) -> int:
    """Read a number of 16 bits in the host's byte order."""
    value: int = _U16.unpack_from(data, start)[0]
    return value


def u32_at(data: bytes, start: int) -> int:
    """Read a number of 32 bits in the host's byte order."""
    value: int = _U32.unpack_from(data, start)[0]
    return value


def be32_at(data: bytes, start: int) -> int:
    """Read a number of 32 bits in the network's byte order."""
    value: int = _BE32.unpack_from(data, start)[0]
    return value


def text_at(data: bytes, start: int, end: int) -> str:
    """Read a string up to its NUL; bytes that are no UTF-8 become escapes."""
    return text_of(data[start:end])


def text_of(payload: bytes) -> str:
    """Return a payload as a string, as M(text_at) does."""
    return payload.split(b"\0", 1)[0].decode(errors="backslashreplace")


def address_at(data: bytes, start: int, end: int) -> str:
    """Read an address, told by its length; written as Python's ipaddress writes it."""
    return address_of(data[start:end])


def address_of(payload: bytes) -> str:
    """Return a payload as an address, as M(address_at) does."""
    if len(payload) == 4:
        return socket.inet_ntop(socket.AF_INET, payload)
    value = socket.inet_ntop(socket.AF_INET6, payload)
    # The C library and Python disagree on addresses that hold an IPv4 one.
    return str(ipaddress.IPv6Address(value)) if "." in value else value
