# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files in swanctl's directory: read them all, and the certificates that they name."""

from __future__ import annotations

import os
import stat
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import (
    DependencyError,
    FileError,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)

_BECOME = "run as root (become: true)"


def read_files(directory: str) -> t.Dict[str, ConfigFile]:
    """Return the files of a directory by path, and the swanctl.conf beside it, which includes them.

    :raises DependencyError: there is no such directory.
    :raises FileError: a file cannot be read.
    """
    try:
        names = sorted(os.listdir(directory))
    except FileNotFoundError as error:
        raise DependencyError(
            f"directory {directory}: it does not exist; install strongSwan"
            " (strongswan-swanctl on Debian), or give the right path as directory"
        ) from error
    except OSError as error:
        raise FileError(f"directory {directory}: {error.strerror}; {_BECOME}") from error
    paths = [os.path.join(directory.rstrip("/"), name) for name in names if name.endswith(".conf")]
    main = os.path.join(swanctl_directory(directory), "swanctl.conf")
    return {path: _read(path) for path in (*paths, main) if os.path.isfile(path)}


def _read(path: str) -> ConfigFile:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return ConfigFile(path, file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode))
    except OSError as error:
        raise FileError(f"file {path}: cannot be read, {error.strerror}; {_BECOME}") from error


def swanctl_directory(directory: str) -> str:
    """Return swanctl's own directory, where the certificates are: the one above."""
    return os.path.dirname(os.path.abspath(directory))


def read_blob(path: str) -> bytes:
    """Return the content of a certificate or key file.

    :raises FileError: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise FileError(f"file {path}: cannot be read, {error.strerror}") from error
