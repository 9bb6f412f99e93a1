# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A netlink socket for many objects at once: narrow dumps, and requests sent in batches."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import struct
import time
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.wire.attributes import (
    each,
    text_at,
)

NETLINK_ROUTE = 0
NETLINK_XFRM = 6

NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP_INTR = 0x1, 0x2, 0x4, 0x10
NLM_F_DUMP = 0x300
NLM_F_REPLACE, NLM_F_EXCL, NLM_F_CREATE, NLM_F_APPEND = 0x100, 0x200, 0x400, 0x800
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200  # in an answer
NLMSG_NOOP, NLMSG_ERROR, NLMSG_DONE = 1, 2, 3
NLMSGERR_ATTR_MSG = 1

# Of <linux/netlink.h>; Python names none of them.
SOL_NETLINK = 270
NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK = 10, 11, 12
SO_RCVBUFFORCE = 33

RECEIVE_BUFFER = 4 << 20  # the refusals of one datagram must fit, and each takes about 1 KB
DATAGRAM = 32 << 10  # a send may not exceed the socket's send buffer, 208 KB by default
ANSWER = 128 << 10  # the kernel fills at most 32 KB, if one object does not need more
ATTEMPTS = 10

_HEADER = struct.Struct("=IHHII")  # length, type, flags, sequence number, port
_SEQUENCE = struct.Struct("=HI")  # the header's flags and sequence number
_FLAGS = struct.Struct("=H")
_ERROR = struct.Struct("=i")

Answer = t.Tuple[int, bytes, int, int]
"""Type, buffer, start and end of the body."""

_Message = t.Tuple[int, int, int, bytes, int, int]


def message(kind: int, flags: int, body: bytes) -> bytes:
    """Pack a request; it gets its sequence number when it is sent."""
    padding = bytes(-len(body) % 4)  # the next one of a datagram starts behind it
    return _HEADER.pack(16 + len(body), kind, NLM_F_REQUEST | flags, 0, 0) + body + padding


class Netlink:
    """A netlink socket in the namespace of the moment; a context manager.

    O(said) holds the kernel's own words on requests of the last batch that it refused.
    """

    def __init__(self, protocol: int = NETLINK_ROUTE) -> None:
        self.said: t.Dict[int, str] = {}
        self._sequence = 0
        self._socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol
        )
        try:
            try:
                self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
            except OSError:  # not root
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            for option in (NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK):
                with contextlib.suppress(OSError):  # a kernel before 4.20 narrows no dump
                    self._socket.setsockopt(SOL_NETLINK, option, 1)
            self._socket.bind((0, 0))
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Netlink:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def dump(self, kind: int, body: bytes) -> t.Iterator[Answer]:
        """Give all objects that a dump request matches.

        The kernel says when a table changed under the dump; then it is read again from the start,
        so nothing is given before all of it is there.

        :raises OSError: the kernel refused it, or the table never kept still.
        """
        for attempt in range(ATTEMPTS):
            answers, whole = self._answers(kind, NLM_F_DUMP, body)
            if whole:
                return iter(answers)
            time.sleep(0.01 * attempt)
        raise OSError(
            errno.EAGAIN, f"the table changed under each of {ATTEMPTS} attempts to read it"
        )

    def ask(self, kind: int, body: bytes) -> t.List[Answer]:
        """Send one request that is no dump and return the objects of its answer.

        :raises OSError: the kernel refused it.
        """
        return self._answers(kind, NLM_F_ACK, body)[0]

    def batch(self, messages: t.Sequence[bytes]) -> t.Dict[int, int]:
        """Send requests, many in one datagram; the kernel does them in their order.

        It goes on after one that it refuses. Refusals come unasked, so only the last request of a
        datagram wants an answer of its own.

        :returns: The errno of each refused request by its position; all others were done.
        :raises OSError: the socket failed.
        """
        refused: t.Dict[int, int] = {}
        self.said = {}
        first = 0
        while first < len(messages):
            size, last = len(messages[first]), first + 1
            while last < len(messages) and size + len(messages[last]) <= DATAGRAM:
                size += len(messages[last])
                last += 1
            self._send(messages[first:last], first, refused)
            first = last
        return refused

    def _send(self, messages: t.Sequence[bytes], first: int, refused: t.Dict[int, int]) -> None:
        base = self._sequence + 1
        self._sequence += len(messages)
        datagram = bytearray().join(messages)
        offset = 0
        for number, one in enumerate(messages):
            flags: int = _FLAGS.unpack_from(one, 6)[0]
            if number == len(messages) - 1:
                flags |= NLM_F_ACK
            _SEQUENCE.pack_into(datagram, offset + 6, flags, base + number)
            offset += len(one)
        self._socket.sendto(datagram, (0, 0))
        while True:
            for kind, found, sequence, data, start, end in self._receive():
                if kind != NLMSG_ERROR or not base <= sequence <= self._sequence:
                    continue
                code = -_ERROR.unpack_from(data, start)[0]
                if code:
                    refused[first + sequence - base] = code
                    words = _words(found, data, start, end)
                    if words:
                        self.said[first + sequence - base] = words
                if sequence == self._sequence:
                    return

    def _answers(self, kind: int, flags: int, body: bytes) -> t.Tuple[t.List[Answer], bool]:
        """Return the objects of the answer, and whether they are all of one moment."""
        self._sequence += 1
        request = bytearray(message(kind, flags, body))
        _SEQUENCE.pack_into(request, 6, NLM_F_REQUEST | flags, self._sequence)
        self._socket.sendto(request, (0, 0))
        answers: t.List[Answer] = []
        whole = True
        while True:
            for found, found_flags, sequence, data, start, end in self._receive():
                if sequence != self._sequence or found == NLMSG_NOOP:
                    continue
                if found_flags & NLM_F_DUMP_INTR and flags & NLM_F_DUMP:
                    whole = False
                if found not in (NLMSG_ERROR, NLMSG_DONE):
                    answers.append((found, data, start, end))
                    continue
                code = -_ERROR.unpack_from(data, start)[0] if end - start >= 4 else 0
                if code > 0:
                    words = _words(found_flags, data, start, end, found == NLMSG_DONE)
                    raise OSError(
                        code, f"{os.strerror(code)}: {words}" if words else os.strerror(code)
                    )
                return answers, whole

    def _receive(self) -> t.Iterator[_Message]:
        """Give the messages of one datagram: type, flags, sequence, buffer, start, end."""
        data, _ancillary, received, _sender = self._socket.recvmsg(ANSWER)
        if received & socket.MSG_TRUNC:
            raise OSError(errno.EMSGSIZE, "an answer of the kernel was longer than expected")
        offset = 0
        while offset + 16 <= len(data):
            size, kind, flags, sequence, _port = _HEADER.unpack_from(data, offset)
            if size < 16:
                return
            yield kind, flags, sequence, data, offset + 16, offset + size
            offset += (size + 3) & ~3


def _words(flags: int, data: bytes, start: int, end: int, done: bool = False) -> str:
    """Return what the kernel says in an error message besides the number, or nothing."""
    if not flags & NLM_F_ACK_TLVS:
        return ""
    start += 4
    if not done:  # the refused request follows, its header alone if NLM_F_CAPPED
        size = 16 if flags & NLM_F_CAPPED else _HEADER.unpack_from(data, start)[0]
        start += (size + 3) & ~3
    for kind, value, value_end in each(data, start, end):
        if kind == NLMSGERR_ATTR_MSG:
            return text_at(data, value, value_end)
    return ""
