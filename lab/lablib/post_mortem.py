# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to see of a lab that ended by itself: told before its run folder goes.

A test that only says "connection refused" hides a kernel that panicked, or a QEMU that was killed.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from . import control, machine
from .run_folder import Record

LINES = 100  # of each log; what a panic leaves is about 85
AGENT_SECONDS = 10.0
KERNEL_FAULTS = ("Kernel panic", "BUG: ", "Oops: ", "general protection fault")


def what_is_lost(record: Record, folder: Path) -> str:
    """What of a guest that was up is gone, for its status; nothing when nothing is.

    `lost: ` means that what runs the guest failed, not the guest: a test may be run again.
    """
    if not machine.is_running(record.qemu):
        console = "\n".join(_tail(folder / "console.log"))
        fault = next((one for one in KERNEL_FAULTS if one in console), "")
        return f"down (its kernel failed: {fault.strip(': ')})" if fault else "lost: QEMU is gone"
    return "" if machine.is_running(record.forward) else "lost: the connection is gone"


def of(record: Record | None, folder: Path) -> list[str]:
    """Lines on what of the guest or of its connection is gone, and why; none when nothing is."""
    if record is None or record.state != "guest":
        return []
    if not machine.is_running(record.qemu):
        return _of_the_guest(record, folder)
    if not machine.is_running(record.forward):
        return _of_the_connection(folder)
    return []


def _of_the_guest(record: Record, folder: Path) -> list[str]:
    pid = record.qemu.pid if record.qemu else 0
    return [
        f"the guest ended by itself: QEMU (process {pid}) is gone",
        *_part("this machine's kernel on it", _told_of(pid, _run("dmesg"))),
        *_part("QEMU's messages", _tail(folder / "qemu.log")),
        *_part("the guest's console", _tail(folder / "console.log")),
    ]


def _of_the_connection(folder: Path) -> list[str]:
    return [
        "the connection to the guest ended by itself; the guest runs",
        *_part("ssh's messages", _tail(folder / "ssh.log")),
        *_part("the guest's kernel", _last(_guest_kernel(folder / "agent.sock"))),
    ]


def _part(title: str, lines: list[str]) -> list[str]:
    return [f"{title}:", *(f"  {line}" for line in lines or ["nothing"])]


def _told_of(pid: int, log: str) -> list[str]:
    """The lines of a kernel's log about a process: killed for want of memory, or by a fault."""
    marks = (f"[{pid}]", f"process {pid} ", f"({pid})", "Out of memory")
    return _last("\n".join(line for line in log.splitlines() if any(m in line for m in marks)))


def _tail(path: Path) -> list[str]:
    try:
        return _last(path.read_text(errors="replace"))
    except OSError as error:
        return [str(error)]


def _last(text: str) -> list[str]:
    """The last lines that hold something, without a terminal's control characters."""
    plain = ("".join(c for c in line if c.isprintable()) for line in text.splitlines())
    return [line for line in plain if line.strip()][-LINES:]


def _run(*command: str) -> str:
    """What a command prints; nothing when it is not there or not allowed."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _guest_kernel(socket: Path) -> str:
    try:
        with control.agent(socket, timeout=AGENT_SECONDS) as agent:
            return control.guest_execute(agent, "/usr/bin/dmesg", [], b"", AGENT_SECONDS)
    except control.ControlError as error:
        return f"it does not answer: {error}"
