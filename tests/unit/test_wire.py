# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netlink attributes and headers, as bytes (those written down are of a little-endian machine)."""

from __future__ import annotations

import ipaddress
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire import attributes
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.layout import Reader
from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.netlink import (
    NLM_F_ACK,
    message,
)

KINDS = st.integers(0, attributes.NLA_TYPE_MASK)
ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        (attributes.u8(3, 7), "0500 0300 07000000"),
        (attributes.u16(3, 0x0102), "0600 0300 02010000"),
        (attributes.u32(3, 0x01020304), "0800 0300 04030201"),
        (attributes.be32(3, 42), "0800 0300 0000002a"),
        (attributes.text(3, "lo"), "0700 0300 6c6f 00 00"),
        (attributes.text(3, "eth"), "0800 0300 657468 00"),
        (attributes.raw(3, b""), "0400 0300"),
        (attributes.nested(18, attributes.text(1, "vti")), "0c00 1280 0800 0100 767469 00"),
        (message(18, NLM_F_ACK, b"\1\2\3\4"), "14000000 1200 0500 00000000 00000000 01020304"),
    ],
)
def test_known_bytes(packed: bytes, expected: str) -> None:
    assert packed == bytes.fromhex(expected)


@given(st.lists(st.tuples(KINDS, st.binary(max_size=40)), max_size=8), st.binary(max_size=9))
def test_attributes_are_read_as_they_were_packed(
    parts: list[tuple[int, bytes]], before: bytes
) -> None:
    packed = before + b"".join(attributes.raw(kind, payload) for kind, payload in parts)
    read = attributes.each(packed, len(before), len(packed))
    assert [(kind, packed[start:end]) for kind, start, end in read] == parts
    assert (len(packed) - len(before)) % 4 == 0


@given(st.binary(max_size=60))
def test_any_bytes_are_read_to_an_end_and_within_it(data: bytes) -> None:
    for _kind, start, end in attributes.each(data, 0, len(data)):
        assert 4 <= start <= end <= len(data)


def test_the_flags_of_a_type_are_no_part_of_it() -> None:
    packed = attributes.nested(18, attributes.u32(1, 5))
    assert list(attributes.each(packed, 0, len(packed))) == [(18, 4, 12)]


@given(ADDRESSES)
def test_addresses_are_read_as_they_were_packed(value: str) -> None:
    packed = attributes.address(value)
    assert packed == ipaddress.ip_address(value).packed
    assert attributes.address_at(packed, 0, len(packed)) == value


@pytest.mark.parametrize(
    "value", ["::ffff:192.0.2.1", "::192.0.2.1", "1::", "::", "1:0:2:3:4:5:6:7"]
)
def test_addresses_are_written_as_python_writes_them(value: str) -> None:
    packed = ipaddress.ip_address(value).packed
    assert attributes.address_at(packed, 0, 16) == str(ipaddress.ip_address(value))


def test_numbers_and_texts_are_read_as_they_were_packed() -> None:
    packed = attributes.u32(1, 0x01020304)
    assert attributes.u32_at(packed, 4) == 0x01020304
    packed = attributes.be32(1, 0x01020304)
    assert (attributes.be32_at(packed, 4), packed[4:]) == (0x01020304, b"\1\2\3\4")
    packed = attributes.u16(1, 0x0102)
    assert attributes.u16_at(packed, 4) == 0x0102
    packed = attributes.text(1, "vti-ö")
    assert attributes.text_at(packed, 4, struct.unpack_from("=H", packed)[0]) == "vti-ö"
    assert attributes.text_at(b"a\xffb\0c", 0, 5) == "a\\xffb"


PATHS = ((3,), (18, 1), (18, 2, 5), (26, 2, 1), (4,))


@st.composite
def link_like(draw: st.DrawFn) -> bytes:
    """Draw a message with attributes of those kinds, some nested, some twice."""
    small = st.sampled_from([b"", b"\1", b"\1\2\3\4", b"abcde\0", bytes(9)])

    def some(depth: int) -> bytes:
        parts = []
        for kind in draw(st.lists(st.sampled_from([1, 2, 3, 4, 5, 18, 26]), max_size=4)):
            nest = depth < 2 and draw(st.booleans())
            if nest:
                parts.append(attributes.nested(kind, some(depth + 1)))
            else:
                parts.append(attributes.raw(kind, draw(small)))
        return b"".join(parts)

    return some(0)


def walked(data: bytes, start: int, end: int, path: tuple[int, ...]) -> bytes | None:
    """Return the last attribute of a path the slow way."""
    found = None
    for kind, first, last in attributes.each(data, start, end):
        if kind == path[0]:
            inner = data[first:last] if len(path) == 1 else walked(data, first, last, path[1:])
            found = inner if inner is not None else found
    return found


@given(st.lists(st.tuples(link_like(), st.booleans()), max_size=6))
def test_layouts_read_what_walking_reads(messages: list[tuple[bytes, bool]]) -> None:
    """Each again and changed in its payloads, so that layouts are used, and met by others."""
    read = Reader(*PATHS)
    for message_, twice in messages:
        for data in [message_, message_] if twice else [message_]:
            framed = b"head" + data + b"tail"
            found = read(framed, 4, 4 + len(data))
            for path in PATHS:
                assert found.get(path) == walked(framed, 4, 4 + len(data), path)
