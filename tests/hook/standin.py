# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands in for charon: a process that runs the updown script the way charon does.

It reads one JSON object a line from its standard input (an environment, a command line, whether and
when to kill), and answers with one. With O(kill_at) it traces the shell and kills it as it enters its
n-th system call, so that a test can stop the hook between any two of them.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
import typing as t

PTRACE_TRACEME, PTRACE_SYSCALL, PTRACE_SETOPTIONS = 0, 24, 0x4200
TRACESYSGOOD, EXITKILL = 1, 0x100000
PR_SET_CHILD_SUBREAPER = 36
SYSCALL_STOP = signal.SIGTRAP | 0x80
_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def main() -> None:
    """Answer requests until standard input ends."""
    _LIBC.prctl(
        PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0
    )  # so that orphans of a killed hook can be reaped
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


def run(request: dict[str, t.Any]) -> dict[str, t.Any]:
    """Run a command line as charon runs an updown script."""
    reader, writer = os.pipe()
    traced = "kill_at" in request
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.setsid()  # so that whatever it leaves can be waited for
        os.chdir("/")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        os.closerange(3, 64)
        if traced:
            _LIBC.ptrace(PTRACE_TRACEME, 0, None, None)
        command = f"2>&1 {request['command']}"
        os.execve("/bin/sh", ["/bin/sh", "-c", command], request["environment"])
    os.close(writer)
    calls, status = trace(pid, request) if traced else (0, os.waitpid(pid, 0)[1])
    with os.fdopen(reader, errors="replace") as stream:
        output = stream.read()
    while not request.get("nowait") and group_lives(pid):
        time.sleep(0.002)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "output": output,
        "seconds": time.monotonic() - started,
        "calls": calls,
    }


def trace(pid: int, request: dict[str, t.Any]) -> tuple[int, int]:
    """Count the system calls of a process; kill it at one of them. Return the count, the status."""
    calls, entering, deliver = 0, True, 0
    os.waitpid(pid, 0)
    _LIBC.ptrace(PTRACE_SETOPTIONS, pid, None, TRACESYSGOOD | EXITKILL)
    while True:
        _LIBC.ptrace(PTRACE_SYSCALL, pid, None, deliver)
        _pid, status = os.waitpid(pid, 0)
        deliver = 0
        if not os.WIFSTOPPED(status):
            return calls, status
        if os.WSTOPSIG(status) != SYSCALL_STOP:
            if os.WSTOPSIG(status) != signal.SIGTRAP:  # the trap of an exec is for us
                deliver = os.WSTOPSIG(status)
            continue
        calls += entering
        if entering and calls == request["kill_at"]:
            if request.get("with_children"):
                os.killpg(pid, signal.SIGKILL)
            else:
                os.kill(pid, signal.SIGKILL)
        entering = not entering


def group_lives(group: int) -> bool:
    """Return whether a process of the group is left."""
    try:
        while os.waitpid(-group, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main()
