# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wire format of vici: messages and packets to bytes and back (pure).

The format is that of strongSwan's src/libcharon/plugins/vici/README.md.
"""

from __future__ import annotations

import functools
import struct
import typing as t
from dataclasses import dataclass, field

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import CharonError

PACKET_MAX = 512 * 1024  # bytes of one segment, without its length
NAME_MAX = 255
VALUE_MAX = 65535

SECTION_START, SECTION_END, KEY_VALUE, LIST_START, LIST_ITEM, LIST_END = 1, 2, 3, 4, 5, 6
_SECTION_START, _SECTION_END, _KEY_VALUE, _LIST_START, _LIST_ITEM, _LIST_END = (
    bytes((element,)) for element in range(1, 7)
)

CMD_REQUEST, CMD_RESPONSE, CMD_UNKNOWN = 0, 1, 2
EVENT_REGISTER, EVENT_UNREGISTER, EVENT_CONFIRM, EVENT_UNKNOWN, EVENT = 3, 4, 5, 6, 7
_NAMED = frozenset({CMD_REQUEST, EVENT_REGISTER, EVENT_UNREGISTER, EVENT})
_KNOWN = frozenset(range(EVENT + 1))

Message = t.Mapping[str, t.Any]
"""Names and values: str or bytes, a list of these, or a message again."""

Decoded = t.Dict[str, t.Any]
"""A message from the daemon: values are bytes, lists of bytes, or messages."""


class WireError(CharonError):
    """Bytes are no vici message, or a message does not fit into one."""


class TruncatedError(WireError):
    """A message or packet ends too early."""


class OversizedError(WireError):
    """A name, a value or a packet is too long for the format."""


@dataclass(frozen=True)
class Packet:
    """One packet: its type, the name that some types carry, and its message."""

    type: int
    name: str = ""
    message: Message = field(default_factory=dict)


def encode_packet(packet: Packet) -> bytes:
    """Return a packet with its length in front.

    :raises OversizedError: it does not fit into one segment.
    """
    data = bytes((packet.type,))
    if packet.type in _NAMED:
        data += _name(packet.name)
    data += encode_message(packet.message)
    if len(data) > PACKET_MAX:
        raise OversizedError(f"vici packet of {len(data)} bytes: at most {PACKET_MAX} are allowed")
    return struct.pack("!I", len(data)) + data


def decode_packet(data: bytes) -> Packet:
    """Return the packet in a segment, whose length has been taken off.

    :raises WireError: it is none.
    """
    reader = _Reader(data)
    kind = reader.byte()
    if kind not in _KNOWN:
        raise WireError(f"vici packet of the unknown type {kind}")
    name = reader.name() if kind in _NAMED else ""
    return Packet(kind, name, _message(reader))


def encode_message(message: Message) -> bytes:
    """Return the bytes of a message.

    :raises OversizedError: a name or value is too long.
    """
    parts: t.List[bytes] = []
    _elements(message, parts)
    return b"".join(parts)


def decode_message(data: bytes) -> Decoded:
    """Return the message in some bytes.

    :raises WireError: they are none.
    """
    return _message(_Reader(data))


def _elements(message: Message, parts: t.List[bytes]) -> None:
    for name, value in message.items():
        if isinstance(value, (str, bytes)):
            parts += (_KEY_VALUE, _name(name), _value(name, value))
        elif isinstance(value, (dict, t.Mapping)):
            parts += (_SECTION_START, _name(name))
            _elements(value, parts)
            parts.append(_SECTION_END)
        elif isinstance(value, (list, tuple)):
            parts += (_LIST_START, _name(name))
            for item in value:
                parts += (_LIST_ITEM, _value(name, item))
            parts.append(_LIST_END)
        else:
            raise WireError(f"vici has no encoding for '{name}' of type {type(value).__name__}")


@functools.lru_cache(maxsize=1 << 10)
def _name(name: str) -> bytes:
    data = name.encode()
    if len(data) > NAME_MAX:  # charon itself sends names that are empty
        raise OversizedError(f"vici name '{name}': expected at most {NAME_MAX} bytes")
    return bytes((len(data),)) + data


def _value(name: str, value: t.Union[str, bytes]) -> bytes:
    data = _bytes(name, value) if isinstance(value, str) else value
    if len(data) > VALUE_MAX:
        raise OversizedError(
            f"vici value of '{name}' has {len(data)} bytes: at most {VALUE_MAX} are allowed"
        )
    return len(data).to_bytes(2, "big") + data


def _bytes(name: str, value: str) -> bytes:
    """Return the bytes of a text; those of a file that are no UTF-8 are as in the file."""
    try:
        return value.encode(errors="surrogateescape")
    except UnicodeEncodeError as error:
        raise WireError(f"vici value of '{name}': {error.reason}") from error


class _Reader:
    """Reads forward through bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    @property
    def done(self) -> bool:
        return self._position == len(self._data)

    def take(self, length: int) -> bytes:
        end = self._position + length
        if end > len(self._data):
            raise TruncatedError(
                f"vici message ends at byte {len(self._data)}, {end} were announced"
            )
        taken = self._data[self._position : end]
        self._position = end
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def name(self) -> str:
        data = self.take(self.byte())
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise WireError(f"vici name {data!r} is no text") from error

    def value(self) -> bytes:
        return self.take(int.from_bytes(self.take(2), "big"))


def _message(reader: _Reader) -> Decoded:
    stack: t.List[Decoded] = [{}]
    items: t.Optional[t.List[bytes]] = None
    while not reader.done:
        element = reader.byte()
        if items is not None:
            if element == LIST_ITEM:
                items.append(reader.value())
            elif element == LIST_END:
                items = None
            else:
                raise WireError(f"vici element {element} inside a list")
        elif element == SECTION_START:
            inner: Decoded = {}
            stack[-1][reader.name()] = inner
            stack.append(inner)
        elif element == SECTION_END and len(stack) > 1:
            stack.pop()
        elif element == KEY_VALUE:
            name = reader.name()
            stack[-1][name] = reader.value()
        elif element == LIST_START:
            items = []
            stack[-1][reader.name()] = items
        else:
            raise WireError(f"unexpected vici element {element}")
    if items is not None or len(stack) > 1:
        raise TruncatedError("vici message ends inside a list or section")
    return stack[0]
