# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of a lab that ended by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from lablib import post_mortem, process
from lablib.run_folder import Process, Record

PANIC = "[  812.4] Kernel panic - not syncing: Fatal exception in interrupt"


def this_process() -> Process:
    """Return one that runs."""
    return Process(os.getpid(), process.start_time(os.getpid()) or "")


def ended_process() -> Process:
    """Return one that has ended."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    known = Process(child.pid, process.start_time(child.pid) or "")
    child.communicate()
    return known


RECORD = Record(
    guest="debian13",
    state="guest",
    accelerator="tcg",
    ssh_port=2222,
    qemu=this_process(),
    forward=this_process(),
    docker_host="unix:///x",
)


def test_a_guest_that_is_gone_is_told_with_the_end_of_its_console(tmp_path: Path) -> None:
    boot = [f"[    {number}.0] booting" for number in range(200)]
    (tmp_path / "console.log").write_text("\n".join([*boot, "\x1b[0m\r", PANIC, ""]))
    (tmp_path / "qemu.log").write_text("")
    gone = ended_process()
    lines = post_mortem.of(replace(RECORD, qemu=gone, forward=gone), tmp_path)
    assert lines[0] == f"the guest ended by itself: QEMU (process {gone.pid}) is gone"
    assert lines[-1] == f"  {PANIC}"
    assert lines[lines.index("QEMU's messages:") + 1] == "  nothing"
    console = lines[lines.index("the guest's console:") + 1 :]
    assert len(console) == post_mortem.LINES


def test_a_connection_that_is_gone_is_told_with_what_ssh_said(tmp_path: Path) -> None:
    (tmp_path / "ssh.log").write_text("Connection to 127.0.0.1 closed by remote host.\n")
    lines = post_mortem.of(replace(RECORD, forward=ended_process()), tmp_path)
    assert lines[:3] == [
        "the connection to the guest ended by itself; the guest runs",
        "ssh's messages:",
        "  Connection to 127.0.0.1 closed by remote host.",
    ]
    assert lines[3] == "the guest's kernel:"
    assert lines[4].startswith("  it does not answer: ")


@pytest.mark.parametrize(
    "record", [None, RECORD, replace(RECORD, state="local", qemu=None, forward=None)]
)
def test_of_a_lab_that_is_down_whole_or_local_nothing_is_told(
    record: Record | None, tmp_path: Path
) -> None:
    assert post_mortem.of(record, tmp_path) == []


def test_logs_that_are_not_there_are_told_as_such(tmp_path: Path) -> None:
    lines = post_mortem.of(replace(RECORD, qemu=ended_process()), tmp_path)
    assert any("console.log" in line and "No such file" in line for line in lines)


def test_a_guest_whose_kernel_failed_is_not_a_lab_that_was_lost(tmp_path: Path) -> None:
    gone = replace(RECORD, qemu=ended_process())
    (tmp_path / "console.log").write_text(f"booting\n{PANIC}\n---[ end Kernel panic ]---\n")
    assert post_mortem.what_is_lost(gone, tmp_path) == "down (its kernel failed: Kernel panic)"
    (tmp_path / "console.log").write_text("booting\n")
    assert post_mortem.what_is_lost(gone, tmp_path) == "lost: QEMU is gone"
    no_connection = replace(RECORD, forward=ended_process())
    assert post_mortem.what_is_lost(no_connection, tmp_path) == "lost: the connection is gone"
    assert post_mortem.what_is_lost(RECORD, tmp_path) == ""


@pytest.mark.parametrize(
    "line",
    [
        "Out of memory: Killed process 4711 (ld-linux-x86-64) total-vm:6120020kB",
        "ld-linux-x86-64[4711]: segfault at 18 ip 000055d0 sp 00007f1c error 4",
        "oom_reaper: reaped process 4711 (ld-linux-x86-64), now anon-rss:0kB",
    ],
)
def test_the_kernel_of_this_machine_is_asked_about_qemu(line: str) -> None:
    log = f"[1.0] eth0: link up\n[2.0] {line}\n[3.0] other[471]: segfault at 0"
    assert post_mortem._told_of(4711, log) == [f"[2.0] {line}"]
