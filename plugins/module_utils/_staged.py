# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""New contents of files: written beside their places, put there when all of them are safe.

What a killed run leaves beside a file tells the next one that the file was about to change.
"""

from __future__ import annotations

import contextlib
import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError

Label = t.Callable[[str, str], None]
"""Gives a file, the first one, what SELinux wants at a place, the second one."""

SUFFIX = ".new"
_FEW = 16  # so many files are written to the disk one by one


def staged_path(path: str) -> str:
    """Return where the new content of a file is, until it is put in its place.

    No C(include *.conf) matches it.
    """
    folder, name = os.path.split(path)
    return f"{folder}/.{name}{SUFFIX}"


def place_of(staged: str) -> str:
    """Return the place that a new content is for; empty if the name is none of ours."""
    folder, name = os.path.split(staged)
    if not (name.startswith(".") and name.endswith(SUFFIX) and len(name) > len(SUFFIX) + 1):
        return ""
    return f"{folder}/{name[1 : -len(SUFFIX)]}"


class StagedFiles:
    """Contents of files that are not in their places yet.

    Only one process may work on a folder: see M(Host.hold).
    """

    def __init__(self, label: Label) -> None:
        self._label = label
        self._waiting: t.Dict[str, str] = {}
        self._folders: t.Set[str] = set()

    def write(self, contents: t.Mapping[str, str], mode: int) -> None:
        """Write the contents, by path, so that they outlast a loss of power.

        Nobody may ever read them whom O(mode) does not allow it.

        :raises FileError: one cannot be written; then none is left.
        """
        path = ""
        try:
            for path, text in contents.items():
                self._write(path, text, mode, sync=len(contents) <= _FEW)
            if len(contents) > _FEW:
                _sync(self._waiting.values())
        except OSError as error:
            self.discard(list(self._waiting))
            raise FileError(
                f"file {path}: cannot be written, {error.strerror}; install strongSwan"
                " (package strongswan-swanctl on Debian) and run with become: true"
            ) from error

    def place(self, path: str) -> None:
        """Put a content in its place, in one step.

        :raises FileError: it cannot be put there.
        """
        try:
            os.rename(self._waiting[path], path)
        except OSError as error:
            raise FileError(f"file {path}: cannot be replaced, {error.strerror}") from error
        del self._waiting[path]
        self._folders.add(os.path.dirname(path))

    def finish(self) -> None:
        """Make what was put in its place outlast a loss of power."""
        for folder in self._folders:
            _sync_one(folder, os.O_RDONLY)
        self._folders.clear()

    @property
    def waiting(self) -> t.List[str]:
        """The paths whose new content is not in its place."""
        return list(self._waiting)

    def discard(self, paths: t.Iterable[str]) -> None:
        """Remove what waits for these paths."""
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._waiting.pop(path))

    def _write(self, path: str, text: str, mode: int, *, sync: bool) -> None:
        staged = staged_path(path)
        descriptor = _create(staged, mode)
        self._waiting[path] = staged
        try:
            os.fchmod(descriptor, mode)
            with contextlib.suppress(FileNotFoundError):
                there = os.stat(path)
                if (there.st_uid, there.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(descriptor, there.st_uid, there.st_gid)
            data = text.encode(errors="surrogateescape")
            while data:
                data = data[os.write(descriptor, data) :]
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._label(staged, path)


def _create(path: str, mode: int) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(path, flags, mode)
    except FileExistsError:  # a killed run left it
        os.unlink(path)
        return os.open(path, flags, mode)


def _sync(paths: t.Collection[str]) -> None:
    """Write many files of one folder to the disk: their filesystem at once, if that is possible."""
    try:
        import ctypes

        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (ImportError, OSError, AttributeError):
        for path in paths:
            _sync_one(path, os.O_WRONLY)
        return
    descriptor = os.open(os.path.dirname(next(iter(paths))), os.O_RDONLY | os.O_CLOEXEC)
    try:
        if syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)


def _sync_one(path: str, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
