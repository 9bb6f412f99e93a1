# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows that benchmarks write to build/bench.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path("build/bench.json")

Row = dict[str, Any]


def row(name: str, ours: float, peer: float, number: int) -> Row:
    """Return a row of the result, and show it."""
    ratio = ours / peer
    print(
        f"{name:16} ours {ours:8.3f}  peer {peer:8.3f}  ratio {ratio:6.3f}  n {number}", flush=True
    )
    return {
        "name": name,
        "ours_s": round(ours, 4),
        "peer_s": round(peer, 4),
        "ratio": round(ratio, 4),
        "n": number,
    }


def add(rows: list[Row], file: Path = FILE) -> None:
    """Write rows beside those of other benchmarks, in the place of older ones of the same name."""
    names = {one["name"] for one in rows}
    there = json.loads(file.read_text()) if file.exists() else []
    kept = [one for one in there if one["name"] not in names]
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(kept + rows, indent=2) + "\n")
