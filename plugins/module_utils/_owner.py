# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Marks of ownership: which object is ours, and which owner among us it belongs to.

Links carry the mark at the start of their C(ifalias), files in their first line.
"""

from __future__ import annotations

import functools
import re
from typing import Optional

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError

PREFIX = "ipsec.strongswan:"
DEFAULT = "default"
UPDOWN = "updown"  # reserved for the updown hook: no module touches its objects

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")
_MARK = re.compile(re.escape(PREFIX) + r"([A-Za-z0-9][A-Za-z0-9_.-]{0,63})(?=[\s;]|\Z)")


def check_owner(owner: str) -> str:
    """Return O(owner) if it can stand in a mark.

    :raises InputError: not 1 to 64 letters, digits, C(_), C(.) or C(-), or the reserved name.
    """
    if not _NAME.match(owner):
        raise InputError(
            f"owner '{owner}': expected 1 to 64 letters, digits, '_', '.' or '-',"
            " starting with a letter or digit"
        )
    if owner == UPDOWN:
        raise InputError(f"owner '{owner}' is reserved for the updown hook: choose another name")
    return owner


def link_mark(owner: str, description: str = "") -> str:
    """Return the C(ifalias) that marks a link of this owner; a description follows the mark."""
    return f"{PREFIX}{owner} {description}" if description else f"{PREFIX}{owner}"


def description_of_link(ifalias: Optional[str]) -> str:
    """Return what follows the mark in a link's C(ifalias), or all of it if there is no mark."""
    match = _MARK.match(ifalias or "")
    return (ifalias or "")[match.end() if match else 0 :].strip(" ;")


def file_header(owner: str) -> str:
    """Return the first line of a file of this owner, with its newline."""
    return f"# Managed by Ansible, {PREFIX}{owner}; changes by hand are overwritten.\n"


@functools.lru_cache(maxsize=1 << 12)
def owner_of_link(ifalias: Optional[str]) -> Optional[str]:
    """Return the owner that a link's C(ifalias) names, or None if the link is not ours."""
    match = _MARK.match(ifalias or "")
    return match.group(1) if match else None


def owner_of_file(text: str) -> Optional[str]:
    """Return the owner that a file's first line names, or None if the file is not ours."""
    first = text.split("\n", 1)[0]
    match = _MARK.search(first) if first.startswith("#") else None
    return match.group(1) if match else None
