# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether swanctl reads the files that a module writes (pure)."""

from __future__ import annotations

import posixpath
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.include import includes
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    ObjectKind,
)

Files = t.Mapping[str, ConfigFile]


def not_included(kind: ObjectKind, files: Files, directory: str) -> t.List[str]:
    """Return a warning if swanctl.conf is there and does not include the files of this kind."""
    folder = directory.rstrip("/")
    main = posixpath.join(posixpath.dirname(folder), "swanctl.conf")
    if main not in files:
        return []
    ours = kind.path(folder, "x")
    for path, file in files.items():
        if "include" in file.text and includes(file.root.includes, path, ours):
            return []
    line = f"include {folder}/*.conf"
    problem = (
        f"file {main}: it does not include {folder}/*.conf, so what is there is gone when charon"
        f" restarts; add the line '{line}' to it, or give the right path as directory"
    )
    return [problem]
