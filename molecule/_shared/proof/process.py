# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that runs in a container until it is ended, and its output so far."""

from __future__ import annotations

import threading
from collections.abc import Callable

from proof.engine import Node

_END_TIMEOUT = 60.0  # seconds
# The process id comes first, so that exactly this process can be ended.
_SCRIPT = 'echo $$; exec "$@"'


class Process:
    """A running program."""

    def __init__(self, node: Node, what: str, *argv: str) -> None:
        self._node = node
        self._changed = threading.Condition()
        self._ended = False
        self._stdout = bytearray()
        self._stderr = bytearray()
        self._pieces = node.stream("sh", "-c", _SCRIPT, "sh", *argv)
        self._reader = threading.Thread(target=self._read, name=what, daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._ended

    @property
    def lines(self) -> list[str]:
        """Whole lines of its output so far."""
        whole = self._stdout.decode().rpartition("\n")[0]
        return whole.split("\n")[1:]

    @property
    def errors(self) -> str:
        """What it has written to stderr so far."""
        return self._stderr.decode().strip()

    def wait_until(self, seen: Callable[[], bool], timeout: float) -> bool:
        """Wait until its output is as asked for; False if it ends before, or takes too long."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or seen(), timeout)
            return seen()

    def end(self, signal: str = "TERM") -> None:
        """End it, if it still runs, and wait for its end."""
        if self.running:
            pid = self._stdout.decode().split("\n", 1)[0]
            self._node.run("kill", f"-{signal}", pid)
        self._reader.join(_END_TIMEOUT)

    def _read(self) -> None:
        try:
            for out, err in self._pieces:
                with self._changed:
                    self._stdout += out or b""
                    self._stderr += err or b""
                    self._changed.notify_all()
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
