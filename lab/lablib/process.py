# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other programs: found or named with their package, run quietly, ended with the lab."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from . import errors

PACKAGE_OF = {
    "mmdebstrap": "mmdebstrap",
    "mke2fs": "e2fsprogs",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "unshare": "util-linux",
    "docker": "docker.io",
}
EXTRA_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"  # where mke2fs is; not in every user's PATH

_running: dict[int, bool] = {}  # process group -> whether root owns it
_ending = threading.Event()
_lock = threading.Lock()


def search_path() -> str:
    return f"{os.environ.get('PATH', '/usr/bin:/bin')}:{EXTRA_FOLDERS}"


def require(*commands: str) -> None:
    """LabError for the first command that is not installed."""
    for command in commands:
        if shutil.which(command, path=search_path()) is None:
            raise errors.missing_command(command, PACKAGE_OF.get(command, command))


def root_prefix() -> list[str]:
    """What to put before a command that needs root: nothing for root, else sudo.

    Raises LabError when sudo is not there or would ask for a password.
    """
    if os.getuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise errors.not_root()
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode != 0:
        raise errors.not_root()
    return ["sudo", "-n"]


def run_logged(argv: Sequence[str], log: Path, *, as_root: bool = False) -> int:
    """Run a command to its end, output to the end of `log`; the exit code.

    It gets a process group of its own, which end_all() kills, so that an interrupted lab leaves
    nothing running. Raises LabError when end_all() was called before.
    """
    command = [*(root_prefix() if as_root else []), *argv]
    environment = {**os.environ, "PATH": search_path(), "LC_ALL": "C.UTF-8"}
    with log.open("ab") as output:
        with _lock:
            if _ending.is_set():
                raise errors.ending()
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
            _running[process.pid] = as_root
        try:
            return process.wait()
        finally:
            with _lock:
                _running.pop(process.pid, None)


def end_all() -> None:
    """Kill what run_logged() still runs, whichever thread started it, and let it start no more."""
    _ending.set()
    with _lock:
        groups = dict(_running)
    for group, as_root in groups.items():
        if as_root and os.getuid() != 0:
            subprocess.run(["sudo", "-n", "kill", "-KILL", "--", f"-{group}"], check=False)
            continue
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue


def start_time(pid: int) -> str | None:
    """When a process started, in clock ticks since boot; None when there is no such process.

    With the pid it names a process for good: a pid alone is given out again. proc(5), field 22.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]
