# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of charon in strongswan.conf: charon tells them to nobody, so its files must."""

from __future__ import annotations

import glob
import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.include import (
    pattern_path,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.parse import (
    SyntaxFault,
    parse,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import parse_switch

PLACES = ("/etc/strongswan.conf", "/etc/strongswan/strongswan.conf")
SOCKET = "/run/charon.vici"
"""The socket of the charon that reads these files; another one has files of its own."""

DAEMONS = ("charon-systemd", "charon")
"""The sections that count: what the first does not set, it inherits from the second."""


def read_switch(setting: str, default: bool, places: t.Sequence[str] = PLACES) -> t.Optional[bool]:
    """Return a setting that is yes or no; None if it cannot be told.

    A file without the word is not parsed: a package brings a hundred of them.
    """

    def include(pattern: str, file: str) -> t.Iterator[t.Tuple[str, str]]:
        for path in sorted(glob.glob(pattern_path(pattern, file))):
            text = _read(path)
            if setting in text or "include" in text:
                yield path, text

    main = next((path for path in places if os.path.exists(path)), "")
    try:
        root = parse(_read(main), main, include) if main else None
        for daemon in DAEMONS:
            section = root.sections.get(daemon) if root else None
            if section is not None and setting in section.settings:
                return parse_switch(section.settings[setting])
    except (OSError, SyntaxFault, ValueError):
        return None
    return default if main else None


def _read(path: str) -> str:
    if not os.path.isfile(path):
        return ""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()
