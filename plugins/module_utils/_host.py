# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the rooms that do I/O get from the module that they work for."""

from __future__ import annotations

import contextlib
import os
import tempfile
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._lock import FolderLock
from ansible_collections.ipsec.strongswan.plugins.module_utils._staged import StagedFiles

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


class Host:
    """The host that a module runs on: warnings and atomic files."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._locks: t.Dict[str, FolderLock] = {}
        self.check_mode: bool = module.check_mode

    def warn(self, message: str) -> None:
        """Add a warning to the module's result."""
        self._module.warn(message)

    def hold(self, folder: str, timeout: float) -> None:
        """Keep other runs from a folder until this one ends; wait for one that holds it.

        :raises FileError: it holds the folder for longer than O(timeout) seconds.
        """
        if folder not in self._locks:
            with contextlib.suppress(FileNotFoundError):  # its reader says more
                self._locks[folder] = FolderLock(folder, timeout)

    def close(self) -> None:
        """End the run: others may go on."""
        for lock in self._locks.values():
            lock.release()
        self._locks.clear()

    def stage(self) -> StagedFiles:
        """Return files to be written beside their places; M(hold) their folder before."""
        return StagedFiles(self._label)

    def _label(self, staged: str, path: str) -> None:
        if self._module.selinux_enabled():
            there = os.path.exists(path)
            ask = self._module.selinux_context if there else self._module.selinux_default_context
            self._module.set_context_if_different(staged, ask(path), False)

    def read_file(self, path: str) -> t.Optional[str]:
        """Return a text file, or None if there is none.

        :raises FileError: it cannot be read.
        """
        try:
            with open(path, encoding="utf-8", errors="backslashreplace") as file:
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileError(f"file {path}: cannot be read, {error.strerror}") from error

    def run(self, words: t.Sequence[str]) -> t.Tuple[int, str, str]:
        """Run a command, in no shell; return its exit code, output and errors.

        :raises FileNotFoundError: there is no such command.
        """
        path = self._module.get_bin_path(words[0])
        if path is None:
            raise FileNotFoundError(words[0])
        code, output, errors = self._module.run_command(
            [path, *words[1:]], environ_update={"LC_ALL": "C"}, expand_user_and_vars=False
        )
        return code, output, errors

    def make_folder(self, path: str) -> None:
        """Make a folder that everybody may read, if it is not there.

        :raises FileError: it cannot be made.
        """
        umask = os.umask(0o022)  # hosts that are hardened have another one
        try:
            os.makedirs(path, mode=0o755, exist_ok=True)
        except OSError as error:
            raise FileError(
                f"folder {path}: cannot be made, {error.strerror}; run with become: true"
            ) from error
        finally:
            os.umask(umask)

    def write_file(self, path: str, text: str, mode: int = 0o600) -> None:
        """Write a text file; see M(write_bytes)."""
        self.write_bytes(path, text.encode(), mode)

    def write_bytes(
        self, path: str, content: bytes, mode: int = 0o600, *, keep_owner: bool = True
    ) -> None:
        """Write a file atomically, never readable by others than O(mode) allows.

        :param keep_owner: Whether a file that is there keeps its owner and its group.
        :raises FileError: the folder is missing or not writable.
        """
        folder = os.path.dirname(path)
        try:
            descriptor, temporary = tempfile.mkstemp(prefix=".ansible-", suffix=".tmp", dir=folder)
        except OSError as error:
            remedy = (
                "install strongSwan (package strongswan-swanctl on Debian)"
                if isinstance(error, FileNotFoundError)
                else "run with become: true"
            )
            raise FileError(
                f"file {path}: cannot be written, {error.strerror}; {remedy}"
            ) from error
        try:
            os.fchmod(descriptor, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if not keep_owner:
                os.chown(temporary, os.geteuid(), os.getegid())  # whatever the folder gives
            else:
                with contextlib.suppress(FileNotFoundError):
                    there = os.stat(path)
                    os.chown(temporary, there.st_uid, there.st_gid)
            self._label(temporary, path)
            os.rename(temporary, path)  # Ansible's atomic_move lets others read it for a moment
        except OSError as error:
            raise FileError(f"file {path}: cannot be written, {error.strerror}") from error
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)

    def remove_file(self, path: str) -> None:
        """Remove a file; one that is gone already is no error.

        :raises FileError: it cannot be removed.
        """
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise FileError(f"file {path}: cannot be removed, {error.strerror}") from error
