# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether systemd-networkd leaves the routes and rules of others alone, by its files."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._kernel.processes import (
    read_processes,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.preflight import Networkd

FOLDERS = ("etc/systemd", "run/systemd", "usr/local/lib/systemd", "usr/lib/systemd", "lib/systemd")
"""Where systemd looks, what comes first wins (systemd-system.conf(5))."""

NO = frozenset({"no", "false", "off", "0", "n", "f"})
UNIT = "etc/systemd/system/multi-user.target.wants/systemd-networkd.service"


def read_networkd(root: str = "/") -> Networkd:
    """Return whether it runs or starts at boot, and what its files say."""
    enabled = os.path.islink(os.path.join(root, UNIT))
    runs = any(read_processes(["systemd-networkd"]))
    settings = _settings(root)
    return Networkd(
        used=enabled or runs,
        foreign_routes=settings.get("manageforeignroutes", "yes").lower() not in NO,
        foreign_rules=settings.get("manageforeignroutingpolicyrules", "yes").lower() not in NO,
    )


def _settings(root: str) -> t.Dict[str, str]:
    """Return the settings of the section Network: the main file, then all others by their names."""
    mains = [os.path.join(root, one, "networkd.conf") for one in FOLDERS]
    paths = [path for path in mains if os.path.isfile(path)][:1]
    drop_ins: t.Dict[str, str] = {}
    for folder in FOLDERS:
        directory = os.path.join(root, folder, "networkd.conf.d")
        for name in os.listdir(directory) if os.path.isdir(directory) else ():
            if name.endswith(".conf"):
                drop_ins.setdefault(name, os.path.join(directory, name))
    paths += [drop_ins[name] for name in sorted(drop_ins)]
    found: t.Dict[str, str] = {}
    for path in paths:
        found.update(_section(path))
    return found


def _section(path: str) -> t.Iterator[t.Tuple[str, str]]:
    inside = False
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                words = line.strip()
                if words.startswith("["):
                    inside = words == "[Network]"
                elif inside and "=" in words and words[0] not in "#;":
                    name, _sign, value = words.partition("=")
                    yield name.strip().lower(), value.strip()
    except OSError:
        return
