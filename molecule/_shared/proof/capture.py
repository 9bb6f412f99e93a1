# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tcpdump in a container, started and stopped by events."""

from __future__ import annotations

from types import TracebackType

from proof.engine import Node
from proof.process import Process

_START_TIMEOUT = 60.0  # seconds
# Lines as soon as packets are seen. With a small -s the kernel's buffer holds thousands of packets;
# with the default of 256 KiB, eight.
_TCPDUMP = ("tcpdump", "--immediate-mode", "-s", "128", "-l", "-n", "-i")


class CaptureError(Exception):
    """A capture did not start, or lost packets: what it saw proves nothing."""


class Capture:
    """A running capture; as a context manager it is ended in any case."""

    def __init__(
        self, node: Node, interface: str, expression: str, *, only_sent: bool = False
    ) -> None:
        self.what = f"capture on {interface} of {node.name}"
        direction = ("-Q", "out") if only_sent else ()
        self._process = Process(node, self.what, *_TCPDUMP, interface, *direction, expression)

    def wait_until_listening(self) -> None:
        """Return once packets are seen.

        :raises CaptureError: tcpdump ended instead, or took too long.
        """
        process = self._process
        listening = process.wait_until(lambda: "listening on" in process.errors, _START_TIMEOUT)
        if not listening or not process.running:
            raise CaptureError(f"{self.what} did not start: {process.errors}")

    @property
    def lines(self) -> list[str]:
        """Whole lines so far, one a packet; tcpdump writes an empty one at its end."""
        return [line for line in self._process.lines if line]

    def stop(self) -> list[str]:
        """End tcpdump, wait for its end and return all lines.

        :raises CaptureError: the kernel dropped packets before tcpdump saw them.
        """
        self._process.end()
        if "\n0 packets dropped by kernel" not in self._process.errors:
            raise CaptureError(f"{self.what} is not whole: {self._process.errors}")
        return self.lines

    def __enter__(self) -> Capture:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.end()
