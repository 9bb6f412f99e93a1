# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files an C(include) of swanctl.conf means (pure)."""

from __future__ import annotations

import fnmatch
import posixpath
import typing as t


def pattern_path(pattern: str, file: str) -> str:
    """Return a pattern with its directory: that of the file that includes it, if it names none."""
    return posixpath.join(posixpath.dirname(file), pattern) if pattern else ""


def includes(patterns: t.Iterable[str], file: str, path: str) -> bool:
    """Return whether one of the patterns in a file means the file at a path, as glob(3) does it."""
    return any(_means(pattern_path(pattern, file), path) for pattern in patterns)


def _means(pattern: str, path: str) -> bool:
    wanted = posixpath.normpath(pattern).split("/")
    parts = posixpath.normpath(path).split("/")
    return len(wanted) == len(parts) and all(
        fnmatch.fnmatchcase(part, one) and (one.startswith(".") or not part.startswith("."))
        for part, one in zip(parts, wanted)
    )
