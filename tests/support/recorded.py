# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of a real charon (5.9.8), as our client returned them.

The files hold bytes as text of the same numbers (Latin-1). A command that streams has a list.
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "unit" / "recorded"


def recorded(name: str) -> t.Any:
    """Return the answer in a file: a message, or a list of the messages of events."""
    return _bytes(json.loads((_FOLDER / f"{name}.json").read_text()))


def _bytes(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {name: _bytes(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_bytes(item) for item in value]
    return value.encode("latin-1")
