# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The updown hook as the role installs it: its parts, put together."""

from __future__ import annotations

import re
from pathlib import Path

FILE = "roles/strongswan_vti/files/updown"  # where it is in a node; the checkout has the parts
PARTS = f"{FILE}.d"
PART = re.compile(r"^\d\d-[a-z-]+$")  # as in the role's task


def read(checkout: Path) -> str:
    """Return what the role makes of the parts."""
    return "".join(part.read_text() for part in parts(checkout))


def parts(checkout: Path) -> list[Path]:
    """Return the parts, in their order."""
    return sorted(path for path in (checkout / PARTS).iterdir() if PART.match(path.name))
