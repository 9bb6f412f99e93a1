# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A vici socket that takes all secrets, keys and certificates, for tests without charon."""

from __future__ import annotations

import contextlib
import socket
import threading
import typing as t
from pathlib import Path

from ansible_collections.ipsec.strongswan.plugins.module_utils._model import der, key_id, pem
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import wire
from ansible_collections.ipsec.strongswan.plugins.module_utils._vici.wire import Packet

LISTS = {"get-shared": "keys", "get-keys": "keys", "get-conns": "conns"}
VERSION = "6.0.1"
REFUSED = b"refused by the test"


class FakeCharon:
    """Answers any number of clients; what is loaded stays until it is unloaded.

    A certificate is never told to be loaded. A shared secret with the id O(refuse) is refused.
    """

    def __init__(self, path: Path, refuse: str = "") -> None:
        self.held: dict[str, set[str]] = {"get-shared": set(), "get-keys": set()}
        self._refuse = refuse
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more clients."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _peer = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while True:
                length = int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big")
                data = connection.recv(length, socket.MSG_WAITALL)
                if not data:
                    return
                connection.sendall(wire.encode_packet(self._answer(wire.decode_packet(data))))

    def _answer(self, packet: Packet) -> Packet:
        if packet.type in (wire.EVENT_REGISTER, wire.EVENT_UNREGISTER):
            return Packet(wire.EVENT_CONFIRM)
        return Packet(wire.CMD_RESPONSE, "", self._result(packet.name, dict(packet.message)))

    def _result(self, command: str, message: dict[str, t.Any]) -> dict[str, t.Any]:
        name = message.get("id", b"").decode()
        if command == "version":
            return {"daemon": "charon-systemd", "version": VERSION}
        if command in LISTS:
            return {LISTS[command]: sorted(self.held.get(command, ()))}
        if command == "load-key":
            name = _id(message["data"])
            self.held["get-keys"].add(name)
            return {"success": "yes", "id": name}
        if command == "load-shared":
            if name == self._refuse:
                return {"success": "no", "errmsg": REFUSED}
            self.held["get-shared"].add(name)
        elif command == "unload-shared":
            self.held["get-shared"].discard(name)
        elif command == "unload-key":
            self.held["get-keys"].discard(name)
        return {"success": "yes"}


def _id(data: bytes) -> str:
    try:
        return key_id.id_of_private_key(data)
    except der.DerError:
        return key_id.id_of_private_key(pem.parse_pem(data.decode())[0].data)
