# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run folder of one lab: private, locked while it changes, gone after `down`."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from . import errors
from .progress import say


@dataclass(frozen=True)
class Process:
    """A process of the lab, safe against its pid being given out again."""

    pid: int
    started: str


@dataclass(frozen=True)
class Record:
    """What a lab that is up has written down."""

    guest: str
    state: str
    accelerator: str
    ssh_port: int
    qemu: Process | None = None
    forward: Process | None = None
    container: str | None = None
    docker_host: str | None = None


class RunFolder:
    def __init__(self, path: Path) -> None:
        self.path = path

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder alone; it is made when absent, private to this user.

        LabError when the folder is not ours alone (it holds keys, and may lie in /tmp).
        """
        while True:
            with contextlib.suppress(FileExistsError):
                self.path.mkdir(mode=0o700, parents=True)
            self._check()
            descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    say(f"waiting for another lab command that works on {self.path}")
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
                if not self._is_still(descriptor):
                    continue  # a `down` removed it while we waited
                try:
                    yield
                finally:
                    self._remove_if_empty()
                return
            finally:
                os.close(descriptor)

    def _check(self) -> None:
        status = self.path.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise errors.unsafe_folder(str(self.path), "it is no folder")
        if status.st_uid != os.getuid():
            raise errors.unsafe_folder(str(self.path), f"user {status.st_uid} owns it")
        if status.st_mode & 0o077:
            raise errors.unsafe_folder(str(self.path), "others may open it")

    def _is_still(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False

    def _remove_if_empty(self) -> None:
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def read(self) -> Record | None:
        """The record of the lab, None when there is none (or an unreadable one)."""
        try:
            fields = json.loads((self.path / "lab.json").read_text())
            for name in ("qemu", "forward"):
                if fields[name] is not None:
                    fields[name] = Process(**fields[name])
            return Record(**fields)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, record: Record) -> None:
        temporary = self.path / "lab.json.new"
        temporary.write_text(json.dumps(asdict(record), indent=1) + "\n")
        temporary.rename(self.path / "lab.json")

    def clear(self) -> None:
        """Remove all that is in the folder; the folder itself goes with the lock."""
        if not self.path.exists():
            return
        for path in self.path.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
