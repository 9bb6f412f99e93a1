# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A text file as the user wants it (pure)."""

from __future__ import annotations

import posixpath
import re
import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError

Options = t.Mapping[str, t.Any]

_MODE = re.compile(r"0[0-7]{3}")  # YAML makes 420 of a 0644 without quotes


@dataclass(frozen=True)
class WantedFile:
    """A file at O(path); O(text) and O(mode) count where it is to be there."""

    path: str
    text: str = ""
    mode: int = 0o644
    present: bool = True

    @property
    def object(self) -> str:
        """What a user calls it."""
        return f"file {self.path}"


def parse_file(entry: Options) -> WantedFile:
    """Return the file that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    path = entry["path"]
    if not path.startswith("/") or path == "/" or posixpath.normpath(path) != path:
        raise InputError(
            f"file {path}: expected the absolute path of a file, without .., // or a / at its end"
        )
    if entry["state"] == "absent":
        return WantedFile(path, present=False)
    if entry["content"] is None:
        raise InputError(f"file {path}: content is missing: give the text of the file")
    if not _MODE.fullmatch(entry["mode"]):
        raise InputError(
            f"file {path}: mode '{entry['mode']}': expected permissions as 0 and three octal digits,"
            " in quotes, like '0644'; without set-user-ID, set-group-ID and the sticky bit"
        )
    return WantedFile(path, entry["content"], int(entry["mode"], 8))


def check_files(wanted: t.Sequence[WantedFile]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: a path is there twice, or below another one.
    """
    paths: t.Set[str] = set()
    for one in wanted:
        if one.path in paths:
            raise InputError(f"{one.object}: it is in the list twice; keep one entry")
        paths.add(one.path)
    for one in wanted:
        for folder in _folders(one.path):
            if folder in paths:
                raise InputError(
                    f"{one.object}: {folder} is in the list, too: it cannot be a file and a"
                    " directory; correct one of the two paths"
                )


def file_result(wanted: WantedFile) -> t.Dict[str, t.Any]:
    """Return a file for the module's result, without its content, which may be long."""
    if not wanted.present:
        return {"path": wanted.path, "state": "absent"}
    return {"path": wanted.path, "state": "present", "mode": f"{wanted.mode:04o}"}


def _folders(path: str) -> t.Iterator[str]:
    folder = posixpath.dirname(path)
    while folder != "/":
        yield folder
        folder = posixpath.dirname(folder)
