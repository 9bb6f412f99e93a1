# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run at a time works on a folder."""

from __future__ import annotations

import fcntl
import os
import time

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError

_PAUSE = 0.05  # seconds until the next attempt


class FolderLock:
    """Keeps other runs of this collection from a folder; ends with the process at the latest."""

    def __init__(self, folder: str, timeout: float) -> None:
        """Wait until no other run holds the folder.

        :raises FileNotFoundError: there is no such folder.
        :raises FileError: another run holds it for longer than O(timeout) seconds.
        """
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        end = time.monotonic() + timeout
        while not self._locked():
            if time.monotonic() >= end:
                self.release()
                raise FileError(
                    f"directory {folder}: another run has worked on it for {timeout:g} s; wait"
                    " until it ends, or give a longer timeout"
                )
            time.sleep(_PAUSE)

    def _locked(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a filesystem that knows no locks
            return True
        return True

    def release(self) -> None:
        """Let another run have the folder."""
        os.close(self._descriptor)
