# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of events and of what the updown scripts made of them, as tests/updown has seen it."""

from __future__ import annotations

import json
from pathlib import Path

NODE_FILE = "build/updown.json"  # what the suite leaves in the node
FILE = "build/updown-table.md"
HOLDS = "holds"
NO_RUN = "-"  # the script has no word for it

Entry = dict[str, str]


def keep(checkout: Path, image: str, content: bytes) -> None:
    """Keep what the suite found with an image, and write the table of all images that are kept."""
    (checkout / "build").mkdir(exist_ok=True)
    (checkout / f"build/updown-{image}.json").write_bytes(content)
    found = {
        path.stem.removeprefix("updown-"): json.loads(path.read_text())
        for path in sorted(checkout.glob("build/updown-*.json"))
    }
    (checkout / FILE).write_text(markdown(found))


def markdown(found: dict[str, list[Entry]]) -> str:
    """Return the table, a part for each image."""
    return "\n".join(line for image, entries in found.items() for line in _part(image, entries))


def _part(image: str, entries: list[Entry]) -> list[str]:
    cells: dict[tuple[str, str], dict[str, Entry]] = {}
    for entry in entries:
        cells.setdefault((entry["about"], entry["row"]), {})[entry["column"]] = entry
    lines = [
        f"# {image}",
        "",
        "| where | event | calls | our hook | the seed's script |",
        "|---|---|---|---|---|",
    ]
    for (about, row), by_column in cells.items():
        calls = (by_column.get("ours") or by_column["seed"])["calls"]
        outcomes = [
            _cell(by_column[column]["outcome"]) if column in by_column else NO_RUN
            for column in ("ours", "seed")
        ]
        lines.append(f"| {about} | {_cell(row)} | {calls or 'none'} | {' | '.join(outcomes)} |")
    return [*lines, ""]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
