# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The statements of ipsec.conf, in the order of the file (pure).

A setting belongs to the last section that was opened before it, in whatever file that was.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

CONN, CA, SETUP = "conn", "ca", "config setup"


@dataclass(frozen=True)
class Opening:
    """The beginning of a section: its kind and name; V(config setup) has no name."""

    kind: str
    name: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Setting:
    """A setting; without a value it undoes what the section would inherit."""

    name: str
    value: t.Optional[str]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Include:
    """Other files whose statements stand here; O(pattern) is a path that may have wildcards."""

    pattern: str
    line: int = field(default=0, compare=False)


Statement = t.Union[Opening, Setting, Include]
