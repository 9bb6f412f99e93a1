# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of charon's vici socket."""

from __future__ import annotations

import errno
import socket
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    CharonError,
    DependencyError,
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


class Client:
    """One connection to a vici socket; one command at a time.

    A context manager: it connects on entry and closes on exit.
    """

    def __init__(self, path: str, timeout: float) -> None:
        """Take the path of the unix socket, and the seconds to wait for each answer."""
        self._path = path
        self._timeout = timeout
        self._socket: t.Optional[socket.socket] = None

    def __enter__(self) -> Client:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._timeout)
        try:
            connection.connect(self._path)
        except OSError as error:
            connection.close()
            raise _unreachable(self._path, error) from error
        self._socket = connection
        return self

    def __exit__(self, *_details: object) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def request(self, command: str, message: t.Optional[Message] = None) -> Decoded:
        """Send a command and return the answer.

        :raises RefusedError: charon does not know the command, or its answer says that it failed.
        :raises CharonError: charon vanished, did not answer in time, or sent no vici.
        """
        self._send(Packet(wire.CMD_REQUEST, command, message or {}))
        return self._response(command, self._receive_until_response())

    def stream(
        self, command: str, event: str, message: t.Optional[Message] = None
    ) -> t.Iterator[Decoded]:
        """Send a command whose answer comes as events of this name; yield their messages.

        :raises RefusedError: as in M(request), or charon has no such event.
        :raises CharonError: as in M(request).
        """
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
        try:
            self._connection().sendall(wire.encode_packet(packet))
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
        parts = []
        while length:
            try:
                part = self._connection().recv(length)
            except socket.timeout as error:
                raise self._expired() from error
            except OSError as error:
                raise self._vanished() from error
            if not part:
                raise self._vanished()
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

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
