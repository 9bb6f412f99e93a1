# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The updown script that this project started from, as a program to run beside our own."""

from __future__ import annotations

from pathlib import Path

TEXT = "#!/bin/bash\n" + Path(__file__).with_suffix(".sh").read_text()
_ROUTE = "ip route add 10.2.0.0/24 "


def write(path: Path, network: str = "") -> Path:
    """Write it as a program; with a network (a word of bash) in the place of 10.2.0.0/24."""
    assert TEXT.count(_ROUTE) == 1
    path.write_text(TEXT.replace(_ROUTE, f"ip route add {network} ") if network else TEXT)
    path.chmod(0o755)
    return path
