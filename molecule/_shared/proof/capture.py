# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tcpdump in a container, started and stopped by events."""

from __future__ import annotations

import threading
from types import TracebackType

from proof.engine import Node

_START_TIMEOUT = 60.0  # seconds
# Lines as soon as packets are seen; the process id comes first, so that exactly it can be ended.
# With a small -s the kernel's buffer holds thousands of packets; with the default of 256 KiB, eight.
_SCRIPT = 'echo $$; exec tcpdump --immediate-mode -s 128 -l -n -i "$1" "$2"'


class CaptureError(Exception):
    """A capture did not start, or lost packets: what it saw proves nothing."""


class Capture:
    """A running capture; as a context manager it is ended in any case."""

    def __init__(self, node: Node, interface: str, expression: str) -> None:
        self._node = node
        self._what = f"capture on {interface} of {node.name}"
        self._listening = threading.Event()
        self._stdout = bytearray()
        self._stderr = bytearray()
        self._pieces = node.stream("sh", "-c", _SCRIPT, "sh", interface, expression)
        self._reader = threading.Thread(target=self._read, name=self._what, daemon=True)
        self._reader.start()

    def wait_until_listening(self) -> None:
        """Return once packets are seen.

        :raises CaptureError: tcpdump ended instead, or took too long.
        """
        if not self._listening.wait(_START_TIMEOUT) or not self._reader.is_alive():
            raise CaptureError(f"{self._what} did not start: {self._stderr.decode().strip()}")

    @property
    def lines(self) -> list[str]:
        """Whole lines so far, one a packet."""
        whole = self._stdout.decode().rpartition("\n")[0]
        return whole.split("\n")[1:]

    def stop(self) -> list[str]:
        """End tcpdump, wait for its end and return all lines.

        :raises CaptureError: the kernel dropped packets before tcpdump saw them.
        """
        self._end()
        if b"\n0 packets dropped by kernel" not in self._stderr:
            raise CaptureError(f"{self._what} is not whole: {self._stderr.decode().strip()}")
        return self.lines

    def __enter__(self) -> Capture:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._reader.is_alive():
            pid = self._stdout.decode().split("\n", 1)[0]
            self._node.run("kill", pid)
            self._reader.join(_START_TIMEOUT)

    def _read(self) -> None:
        try:
            for out, err in self._pieces:
                self._stdout += out or b""
                self._stderr += err or b""
                if b"listening on" in self._stderr:
                    self._listening.set()
        finally:
            self._listening.set()  # nobody waits for an ended capture
