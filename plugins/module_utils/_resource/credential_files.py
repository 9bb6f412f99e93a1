# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files in swanctl's folders for keys and certificates: read them all."""

from __future__ import annotations

import os
import stat
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import FileError
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.credential_found import (
    CredentialFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    CREDENTIALS,
)

LARGE = 1 << 20  # bytes; lists of revoked certificates may be larger, and are not ours then


def read_credential_files(swanctl: str) -> t.Dict[str, CredentialFile]:
    """Return the files in the folders below swanctl's directory, by path.

    :raises FileError: one cannot be read.
    """
    found = {}
    for folder in CREDENTIALS:
        for path in _paths(f"{swanctl}/{folder}"):
            file = _read(path)
            if file is not None:
                found[path] = file
    return found


def _paths(folder: str) -> t.List[str]:
    try:
        return [f"{folder}/{name}" for name in sorted(os.listdir(folder))]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileError(
            f"directory {folder}: {error.strerror}; run as root (become: true)"
        ) from error


def _read(path: str) -> t.Optional[CredentialFile]:
    try:
        details = os.stat(path)
        if not stat.S_ISREG(details.st_mode) or details.st_size > LARGE:
            return None
        with open(path, "rb") as file:
            return CredentialFile(path, file.read(), stat.S_IMODE(details.st_mode))
    except FileNotFoundError:  # a link to nowhere
        return None
    except OSError as error:
        raise FileError(
            f"file {path}: cannot be read, {error.strerror}; run as root (become: true)"
        ) from error
