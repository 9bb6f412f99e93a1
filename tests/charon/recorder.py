# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A vici socket that says yes to everything, and keeps what it was asked."""

from __future__ import annotations

import socket
import threading
import typing as t
from pathlib import Path

from ansible_collections.ipsec.strongswan.plugins.module_utils._vici import wire


class Recorder:
    """Stands in for charon while swanctl loads: what it sends is what is wanted to know."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.requests: list[wire.Packet] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(1)
        threading.Thread(target=self._serve, daemon=True).start()

    def loaded(self) -> dict[str, t.Any]:
        """Return the connections that were loaded since the last call, by name."""
        found: dict[str, t.Any] = {}
        for request in self.requests:
            if request.name == "load-conn":
                found.update(request.message)
        self.requests.clear()
        return found

    def close(self) -> None:
        """Take no more requests."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._socket.accept()
            except OSError:
                return
            with client:
                while segment := _segment(client):
                    request = wire.decode_packet(segment)
                    self.requests.append(request)
                    kind = wire.CMD_RESPONSE
                    if request.type in (wire.EVENT_REGISTER, wire.EVENT_UNREGISTER):
                        kind = wire.EVENT_CONFIRM
                    success = {"success": "yes"} if kind == wire.CMD_RESPONSE else {}
                    client.sendall(wire.encode_packet(wire.Packet(kind, "", success)))


def _segment(client: socket.socket) -> bytes:
    head = client.recv(4, socket.MSG_WAITALL)
    return client.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL) if len(head) == 4 else b""
