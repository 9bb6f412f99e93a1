# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The container engine's HTTP API over its unix socket: the few calls that the lab needs."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

from . import errors

CHUNK = 1 << 20


class UnixConnection(http.client.HTTPConnection):
    """HTTP to a unix socket."""

    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class Engine:
    """A container engine; timeouts in seconds."""

    def __init__(self, path: Path, timeout: float = 120.0) -> None:
        self.path = path
        self.timeout = timeout
        self._open: set[UnixConnection] = set()

    def answers(self, timeout: float = 10.0) -> bool:
        """Whether an engine answers behind the socket."""
        try:
            status, _body = self._exchange("GET", "/_ping", timeout=timeout)
        except (OSError, http.client.HTTPException):
            return False
        return status == 200

    def wait(self, seconds: float) -> bool:
        """Wait until the engine answers; False when it did not in that time."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self.answers(timeout=min(15.0, seconds)):
                return True
            time.sleep(0.2)
        return False

    def abort(self) -> None:
        """End the calls that other threads have under way; they fail."""
        for connection in list(self._open):
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def image_labels(self, reference: str) -> dict[str, str]:
        """The labels of an image; empty when the engine has no such image."""
        status, body = self.request("GET", f"/images/{quote(reference)}/json", absent_ok=True)
        if status == 404:
            return {}
        labels = body.get("Config", {}).get("Labels") or {}
        return {str(key): str(value) for key, value in labels.items()}

    def import_image(
        self,
        repository: str,
        tag: str,
        tar: BinaryIO,
        changes: Sequence[str],
        newer_changes: Sequence[str] = (),
    ) -> None:
        """`docker import`: an image of one layer from a tar stream.

        `changes` are Dockerfile instructions; `newer_changes` some that old engines do not take:
        they are left out there.
        """
        status, text = self._import(repository, tag, tar, [*changes, *newer_changes])
        if status == 400 and "not a valid change" in text and newer_changes:
            tar.seek(0)
            status, text = self._import(repository, tag, tar, changes)
        # The engine streams progress as JSON lines and reports failure in one of them.
        if status != 200 or '"error"' in text:
            raise errors.engine_refused(f"import {repository}:{tag}", status, text.strip()[-300:])

    def _import(
        self, repository: str, tag: str, tar: BinaryIO, changes: Sequence[str]
    ) -> tuple[int, str]:
        query = urlencode(
            [("fromSrc", "-"), ("repo", repository), ("tag", tag)]
            + [("changes", change) for change in changes]
        )
        try:
            status, body = self._exchange(
                "POST", f"/images/create?{query}", body=tar, timeout=self.timeout * 5
            )
        except (OSError, http.client.HTTPException) as error:
            raise errors.engine_unreachable(str(self.path), str(error)) from error
        return status, body.decode(errors="replace")

    def request(
        self, method: str, path: str, payload: object = None, *, absent_ok: bool = False
    ) -> tuple[int, Any]:
        """One call with JSON in and out; LabError for any status from 400 on."""
        body = None if payload is None else json.dumps(payload).encode()
        try:
            status, answer = self._exchange(method, path, body=body, timeout=self.timeout)
        except (OSError, http.client.HTTPException) as error:
            raise errors.engine_unreachable(str(self.path), str(error)) from error
        decoded = json.loads(answer) if answer.strip() else None
        if status >= 400 and not (absent_ok and status == 404):
            message = decoded.get("message", "") if isinstance(decoded, dict) else ""
            raise errors.engine_refused(f"{method} {path}", status, message)
        return status, decoded

    def _exchange(
        self, method: str, path: str, *, body: BinaryIO | bytes | None = None, timeout: float
    ) -> tuple[int, bytes]:
        connection = UnixConnection(self.path, timeout)
        self._open.add(connection)
        headers = {"Content-Type": "application/json"}
        try:
            if body is None or isinstance(body, bytes):
                connection.request(method, path, body=body, headers=headers)
            else:
                headers["Content-Type"] = "application/x-tar"
                connection.blocksize = CHUNK
                # An engine that refuses answers, and hangs up, before it has read it all.
                with contextlib.suppress(BrokenPipeError):
                    connection.request(
                        method, path, body=body, headers=headers, encode_chunked=True
                    )
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            self._open.discard(connection)
            connection.close()
