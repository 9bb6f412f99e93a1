# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON lines over a unix socket: QEMU's monitor (QMP) and the guest agent (QGA)."""

from __future__ import annotations

import base64
import json
import socket
import time
from pathlib import Path
from typing import Any


class ControlError(Exception):
    """The other side refused, closed, or did not answer in time."""


class Channel:
    """One connection; timeouts in seconds."""

    def __init__(self, path: Path, timeout: float = 20.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise ControlError(f"{path}: {error}") from error
        self._file = self._socket.makefile("rwb", buffering=0)

    def __enter__(self) -> Channel:
        return self

    def __exit__(self, *_details: object) -> None:
        self._file.close()
        self._socket.close()

    def send(self, message: dict[str, Any], prefix: bytes = b"") -> None:
        try:
            self._socket.sendall(prefix + json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise ControlError(str(error)) from error

    def receive(self) -> dict[str, Any]:
        """The next message. A byte 0xff (the agent's delimiter) may precede it."""
        try:
            line = self._file.readline()
        except OSError as error:
            raise ControlError(f"no answer: {error}") from error
        if not line:
            raise ControlError("closed")
        try:
            message: dict[str, Any] = json.loads(line.lstrip(b"\xff"))
        except ValueError as error:
            raise ControlError(f"no JSON: {line!r}") from error
        return message

    def execute(self, command: str, **arguments: object) -> Any:
        """Run a command and return its result; events that come in between are passed over."""
        self.send({"execute": command, **({"arguments": arguments} if arguments else {})})
        while True:
            message = self.receive()
            if "error" in message:
                raise ControlError(f"{command}: {message['error'].get('desc')}")
            if "return" in message:
                return message["return"]


def monitor(path: Path) -> Channel:
    """A connection to QEMU's monitor, ready for commands."""
    channel = Channel(path)
    channel.receive()  # the greeting
    channel.execute("qmp_capabilities")
    return channel


def agent(path: Path, timeout: float = 20.0) -> Channel:
    """A connection to the guest agent, in step with it; ControlError when it does not answer."""
    channel = Channel(path, timeout)
    token = time.monotonic_ns() & 0x7FFFFFFF
    try:
        request = {"execute": "guest-sync-delimited", "arguments": {"id": token}}
        channel.send(request, prefix=b"\xff")
        while True:
            try:
                if channel.receive().get("return") == token:
                    return channel
            except ControlError as error:
                if not str(error).startswith("no JSON"):
                    raise
    except BaseException:
        channel.__exit__()
        raise


def guest_execute(
    channel: Channel, path: str, arguments: list[str], given: bytes, seconds: float
) -> str:
    """Run a program in the guest with `given` as standard input; what it wrote.

    Raises ControlError when it fails or takes longer than `seconds`.
    """
    process = channel.execute(
        "guest-exec",
        path=path,
        arg=arguments,
        **{"input-data": base64.b64encode(given).decode(), "capture-output": True},
    )["pid"]
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        status = channel.execute("guest-exec-status", pid=process)
        if status["exited"]:
            output = "".join(
                base64.b64decode(status.get(name, "")).decode(errors="replace")
                for name in ("out-data", "err-data")
            )
            if status.get("exitcode") != 0:
                raise ControlError(f"{path} in the guest failed: {output.strip()[-300:]}")
            return output
        time.sleep(0.05)
    raise ControlError(f"{path} in the guest ran longer than {seconds:.0f} s")
