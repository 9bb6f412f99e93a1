# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache: finished things under a name with their hash, unfinished ones in a folder apart.

Layout: <cache>/<entry>/... are complete and never change; <cache>/tmp/... belong to a running lab
(removed when it ends, swept by the next one if it was killed); <cache>/locks, <cache>/logs.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import errors, process
from .progress import say

FREE_TO_BUILD = 3072  # MiB: one root file system and what mmdebstrap unpacks beside it
FREE_TO_RUN = 2048  # MiB: what a test run writes inside the guest


class Cache:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entry(self, name: str) -> Path:
        """Where a finished entry is or will be."""
        return self.folder / name

    def log(self, name: str) -> Path:
        """A log file, kept after failure and success alike."""
        folder = self.folder / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def need_space(self, mib: int) -> None:
        """LabError unless the cache's file system has that much free."""
        self.folder.mkdir(parents=True, exist_ok=True)
        status = os.statvfs(self.folder)
        free = status.f_bavail * status.f_frsize >> 20
        if free < mib:
            raise errors.no_space(str(self.folder), free, mib)

    @contextlib.contextmanager
    def building(self, name: str) -> Iterator[Path | None]:
        """Fill an entry exactly once, whoever else tries at the same time.

        Yields None when the entry is there (perhaps made by another lab while this one waited),
        else an empty folder that becomes the entry when the block ends without an exception.
        """
        target = self.entry(name)
        with self.locked(name):
            if target.exists():
                yield None
                return
            scratch = self.folder / "tmp" / name
            remove_tree(scratch)
            scratch.mkdir(parents=True)
            try:
                yield scratch
                scratch.rename(target)
            finally:
                remove_tree(scratch)

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        locks = self.folder / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        with (locks / name).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"waiting for another lab that works on {name}")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def remove(self, name: str) -> None:
        remove_tree(self.entry(name))

    def remove_all(self) -> None:
        remove_tree(self.folder)


def remove_tree(folder: Path) -> None:
    """Remove a folder; what root made in it by sudo's help."""
    if not folder.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        subprocess.run([*process.root_prefix(), "rm", "-rf", "--", str(folder)], check=True)
