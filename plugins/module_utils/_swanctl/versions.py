# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""strongSwan's version numbers (pure)."""

from __future__ import annotations

import re
import typing as t

Version = t.Tuple[int, ...]

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


def parse_version(text: str) -> t.Optional[Version]:
    """Return what a version counts as: V(6.0.2rc1) as V(6.0.2); None if it is no version."""
    match = _VERSION.match(text)
    return tuple(int(part or 0) for part in match.groups()) if match else None
