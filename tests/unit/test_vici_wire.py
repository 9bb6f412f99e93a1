# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wire format of vici, held to the official client's."""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vici.protocol import FiniteStream
from vici.protocol import Message as Official
from vici.protocol import Packet as OfficialPacket

from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import wire
from ansible_collections.ipsec.strongswan.tests.support.recorded import recorded

# the example of strongSwan's src/libcharon/plugins/vici/README.md
EXAMPLE = {
    "key1": b"value1",
    "section1": {"sub-section": {"key2": b"value2"}, "list1": [b"item1", b"item2"]},
}
EXAMPLE_BYTES = (
    b"\x03\x04key1\x00\x06value1\x01\x08section1\x01\x0bsub-section\x03\x04key2\x00\x06value2\x02"
    b"\x04\x05list1\x05\x00\x05item1\x05\x00\x05item2\x06\x02"
)


def test_example() -> None:
    assert wire.encode_message(EXAMPLE) == EXAMPLE_BYTES
    assert wire.decode_message(EXAMPLE_BYTES) == EXAMPLE


RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))
NAMES = st.text(st.characters(codec="ascii"), max_size=12)
BLOBS = st.binary(max_size=40)
MESSAGES = st.recursive(
    st.dictionaries(NAMES, st.one_of(BLOBS, st.lists(BLOBS, max_size=3)), max_size=4),
    lambda inner: st.dictionaries(
        NAMES, st.one_of(BLOBS, st.lists(BLOBS, max_size=3), inner), max_size=4
    ),
    max_leaves=10,
)


@given(MESSAGES)
def test_the_official_client_encodes_and_decodes_the_same(message: dict[str, t.Any]) -> None:
    ours = wire.encode_message(message)
    assert ours == Official.serialize(message)
    theirs = Official.deserialize(FiniteStream(ours))
    assert wire.decode_message(ours) == message
    assert theirs == message


@pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])
def test_the_official_client_takes_what_charon_sends_for_the_same(path: Path) -> None:
    answers = recorded(path.stem)
    for message in answers if isinstance(answers, list) else [answers]:
        data = wire.encode_message(message)
        assert data == Official.serialize(message)
        assert wire.decode_message(data) == message == Official.deserialize(FiniteStream(data))


@given(MESSAGES, st.sampled_from(["load-conn", "get-conns"]))
def test_packets(message: dict[str, t.Any], name: str) -> None:
    data = wire.encode_packet(wire.Packet(wire.CMD_REQUEST, name, message))
    assert int.from_bytes(data[:4], "big") == len(data) - 4
    assert data[4:] == OfficialPacket.request(name, Official.serialize(message))
    assert wire.decode_packet(data[4:]) == wire.Packet(wire.CMD_REQUEST, name, message)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_an_error(data: bytes) -> None:
    with contextlib.suppress(wire.WireError):
        wire.decode_packet(data)


@pytest.mark.parametrize("length", range(1, len(EXAMPLE_BYTES)))
def test_truncated(length: int) -> None:
    data = EXAMPLE_BYTES[:length]
    if data == EXAMPLE_BYTES[:14]:  # ends after key1: a message of its own
        assert wire.decode_message(data) == {"key1": b"value1"}
    else:
        with pytest.raises(wire.TruncatedError):
            wire.decode_message(data)


WRONG = {
    "element": b"\x09",
    "end of no section": b"\x02",
    "item outside a list": b"\x05\x00\x00",
    "end of no list": b"\x06",
    "section in a list": b"\x04\x01a\x01\x01b",
    "name that is no text": b"\x03\x01\xff\x00\x00",
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_wrong(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode_message(data)


OVERSIZED: dict[str, dict[str, t.Any]] = {
    "name": {"n" * 256: b""},
    "value": {"n": b"v" * 65536},
    "item": {"n": [b"v" * 65536]},
    "packet": {"n": [b"v" * 65535] * 9},
}


@pytest.mark.parametrize("message", OVERSIZED.values(), ids=OVERSIZED)
def test_oversized(message: dict[str, t.Any]) -> None:
    with pytest.raises(wire.OversizedError):
        wire.encode_packet(wire.Packet(wire.CMD_REQUEST, "load-conn", message))


def test_no_encoding() -> None:
    with pytest.raises(wire.WireError, match="int"):
        wire.encode_message({"n": 1})


def test_text_that_is_no_utf8() -> None:
    text = b"caf\xe9".decode(errors="surrogateescape")
    assert wire.decode_message(wire.encode_message({"n": text})) == {"n": b"caf\xe9"}
    with pytest.raises(wire.WireError, match="'n'"):
        wire.encode_message({"n": "\ud800"})


def test_unknown_packet_type() -> None:
    with pytest.raises(wire.WireError, match="type 9"):
        wire.decode_packet(b"\x09")
