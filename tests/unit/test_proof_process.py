# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program in a container, whose output is waited for: with processes of this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

from proof.engine import Result
from proof.process import Process

PATIENCE = 20.0  # seconds


class Machine:
    """Runs what a container would run."""

    name = "machine"

    def run(self, *argv: str) -> Result:
        """Run a command."""
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    def stream(self, *argv: str) -> Iterator[tuple[bytes | None, bytes | None]]:
        """Start a command; yield its lines, errors last."""
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            for line in process.stdout:
                yield line, None
            yield None, process.stderr.read()


def started(script: str) -> Process:
    """Start a script of the shell."""
    machine: Any = Machine()
    return Process(machine, "script", "sh", "-c", script)


def test_output_is_waited_for_while_it_runs() -> None:
    process = started("echo one; echo two; exec sleep 60")
    assert process.wait_until(lambda: "two" in process.lines, PATIENCE)
    assert process.lines == ["one", "two"]
    assert process.running
    process.end()
    assert not process.running


def test_what_was_seen_before_the_wait_counts() -> None:
    process = started("echo one; exec sleep 60")
    for _twice in range(2):
        assert process.wait_until(lambda: "one" in process.lines, PATIENCE)
    process.end()


def test_waiting_ends_with_the_process() -> None:
    process = started("echo failed >&2; exit 3")
    assert not process.wait_until(lambda: "never" in process.lines, PATIENCE)
    assert not process.running
    assert process.errors == "failed"
    process.end()


def test_waiting_ends_after_the_timeout() -> None:
    process = started("echo one; exec sleep 60")
    assert not process.wait_until(lambda: "never" in process.lines, 0.2)
    assert process.running
    process.end()
    assert process.lines == ["one"]
