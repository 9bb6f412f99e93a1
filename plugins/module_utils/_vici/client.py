# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of charon's vici socket."""

from __future__ import annotations

import contextlib
import errno
import socket
import time
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
    InputError,
    StrongswanError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.wire import (
    Decoded,
    Message,
    Packet,
)

_REMEDY = (
    "charon is not running there, or without its vici plugin; install and start strongSwan"
    " (charon-systemd on Debian; systemctl start strongswan), or give the right path as socket"
)


class VanishedError(CharonError):
    """charon closed the connection, or died, before it answered."""


class TimeoutExpiredError(CharonError):
    """charon did not answer in time."""


class RefusedError(CharonError):
    """charon answered a command with a failure; O(reason) holds its own words."""

    def __init__(self, command: str, reason: str) -> None:
        super().__init__(f"charon refused {command}: {reason}")
        self.reason = reason


Outcome = t.Union[Decoded, RefusedError]
"""What came of one of several commands: charon's answer, or why there is none."""

WINDOW = 64
"""Commands that are sent before the answer to the first of them is there."""

_CHUNK = 65536
_PAUSE = 0.05  # seconds until a socket is tried again whose queue is full


class Client:
    """One connection to a vici socket.

    After charon vanished, was too slow or sent nonsense the connection is closed: what comes later
    would be taken for the answer to something else. A context manager: it connects on entry and closes on exit.
    """

    def __init__(self, path: str, timeout: float) -> None:
        """Take the path of the unix socket, and the seconds to wait for each answer.

        :raises InputError: the seconds are none that one can wait.
        """
        if timeout <= 0:
            raise InputError(f"timeout {timeout:g}: expected seconds to wait, 1 or more")
        self._path = path
        self._timeout = timeout
        self._socket: t.Optional[socket.socket] = None
        self._received = bytearray()

    def __enter__(self) -> Client:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._timeout)
        try:
            self._connect(connection)
        except BaseException:
            connection.close()
            raise
        self._socket = connection
        self._received.clear()
        return self

    def _connect(self, connection: socket.socket) -> None:
        end = time.monotonic() + self._timeout
        while True:
            try:
                return connection.connect(self._path)
            except BlockingIOError as error:  # more clients wait than charon's queue takes
                if time.monotonic() >= end:
                    raise self._expired() from error
                time.sleep(_PAUSE)
            except OSError as error:
                raise _unreachable(self._path, error) from error

    def __exit__(self, *_details: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def request(self, command: str, message: t.Optional[Message] = None) -> Decoded:
        """Send a command and return the answer.

        :raises RefusedError: charon does not know the command, or its answer says that it failed.
        :raises CharonError: charon vanished, did not answer in time, or sent no vici.
        """
        with self._in_step():
            self._send(Packet(wire.CMD_REQUEST, command, message or {}))
            return self._response(command, self._receive_until_response())

    def request_all(self, command: str, messages: t.Sequence[Message]) -> t.Iterator[Outcome]:
        """Send a command with each of these messages; yield what comes of them, in their order.

        Many are on their way at once, as charon works them off one after the other. After the
        first refusal no more are sent, so there may be fewer outcomes than messages.

        :raises CharonError: as in M(request).
        """
        packets = [wire.encode_packet(Packet(wire.CMD_REQUEST, command, one)) for one in messages]
        sent = answered = 0
        refused = False
        with self._in_step():
            while True:
                if sent < len(packets) and sent - answered <= WINDOW // 2 and not refused:
                    more = packets[sent : answered + WINDOW]
                    self._send_bytes(b"".join(more))
                    sent += len(more)
                if answered == sent:
                    return
                try:
                    outcome: Outcome = self._response(command, self._receive_until_response())
                except RefusedError as error:
                    outcome, refused = error, True
                answered += 1
                yield outcome

    def stream(
        self, command: str, event: str, message: t.Optional[Message] = None
    ) -> t.Iterator[Decoded]:
        """Send a command whose answer comes as events of this name; yield their messages.

        :raises RefusedError: as in M(request), or charon has no such event.
        :raises CharonError: as in M(request).
        """
        with self._in_step():
            self._register(wire.EVENT_REGISTER, event)
            self._send(Packet(wire.CMD_REQUEST, command, message or {}))
            while True:
                packet = self._receive()
                if packet.type != wire.EVENT:
                    break
                if packet.name == event:
                    yield dict(packet.message)
            self._register(wire.EVENT_UNREGISTER, event)
            self._response(command, packet)

    def listen(self, event: str) -> None:
        """Have charon send the events of this name from now on, for M(heard).

        :raises RefusedError: charon has no such event.
        :raises CharonError: as in M(request).
        """
        with self._in_step():
            self._register(wire.EVENT_REGISTER, event)

    def heard(self, event: str) -> t.List[Decoded]:
        """Return the messages of an event since M(listen), and have no more of them sent.

        :raises CharonError: as in M(request).
        """
        found: t.List[Decoded] = []
        with self._in_step():
            self._send(Packet(wire.EVENT_UNREGISTER, event))
            while True:
                packet = self._receive()
                if packet.type != wire.EVENT:
                    return found
                if packet.name == event:
                    found.append(dict(packet.message))

    @contextlib.contextmanager
    def _in_step(self) -> t.Iterator[None]:
        """Close the connection if an answer was not read, or read in part."""
        try:
            yield
        except RefusedError:
            raise
        except BaseException:
            self._close()
            raise

    def _register(self, kind: int, event: str) -> None:
        self._send(Packet(kind, event))
        if self._receive_until_response().type != wire.EVENT_CONFIRM:
            raise RefusedError(f"event {event}", "it is not known to this charon")

    def _receive_until_response(self) -> Packet:
        while True:
            packet = self._receive()
            if packet.type != wire.EVENT:
                return packet

    @staticmethod
    def _response(command: str, packet: Packet) -> Decoded:
        if packet.type == wire.CMD_UNKNOWN:
            raise RefusedError(command, "the command is not known to this charon")
        if packet.type != wire.CMD_RESPONSE:
            raise wire.WireError(f"charon answered {command} by a packet of type {packet.type}")
        answer = dict(packet.message)
        if answer.get("success", b"yes") != b"yes":
            reason = bytes(answer.get("errmsg", b"")).decode(errors="replace")
            raise RefusedError(command, reason or "it gives no reason")
        return answer

    def _send(self, packet: Packet) -> None:
        self._send_bytes(wire.encode_packet(packet))

    def _send_bytes(self, data: bytes) -> None:
        try:
            self._connection().sendall(data)
        except socket.timeout as error:
            raise self._expired() from error
        except OSError as error:
            raise self._vanished() from error

    def _receive(self) -> Packet:
        length = int.from_bytes(self._read(4), "big")
        if length > wire.PACKET_MAX:
            raise wire.OversizedError(
                f"charon announced a vici packet of {length} bytes: at most {wire.PACKET_MAX}"
                " are allowed"
            )
        return wire.decode_packet(self._read(length))

    def _read(self, length: int) -> bytes:
        while len(self._received) < length:
            try:
                part = self._connection().recv(_CHUNK)
            except socket.timeout as error:
                raise self._expired() from error
            except OSError as error:
                raise self._vanished() from error
            if not part:
                raise self._vanished()
            self._received += part
        data = bytes(self._received[:length])
        del self._received[:length]
        return data

    def _connection(self) -> socket.socket:
        if self._socket is None:
            raise CharonError("the vici client is not connected")
        return self._socket

    def _expired(self) -> TimeoutExpiredError:
        return TimeoutExpiredError(
            f"vici socket {self._path}: charon did not answer within {self._timeout:g} s;"
            " see its log, or give a longer timeout"
        )

    def _vanished(self) -> VanishedError:
        return VanishedError(
            f"vici socket {self._path}: charon closed the connection before it answered;"
            " see its log (journalctl -u strongswan)"
        )


def _unreachable(path: str, error: OSError) -> StrongswanError:
    if error.errno in {errno.EACCES, errno.EPERM}:
        return CharonError(f"vici socket {path}: permission denied; run as root (become: true)")
    return DependencyError(f"vici socket {path}: {error.strerror or error}: {_REMEDY}")
