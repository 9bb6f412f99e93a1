# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user sees of an object of swanctl.conf in a diff, and how two differ (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import show
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.config_file import (
    ConfigFile,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.keys import meanings
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    ObjectKind,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import (
    Section,
    flatten,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

SECRET = frozenset({"secret", "pin"})  # settings that nobody may see, whatever file has them
HIDDEN = "(hidden)"
HIDDEN_NEW = "(hidden, another one)"


def wanted_state(
    one: ConfigObject, owner: str, file: t.Optional[ConfigFile] = None
) -> t.Dict[str, t.Any]:
    """Return a wanted object as a user reads it; a secret that differs from the file's says so."""
    settings = _settings(one.kind, one.root, one.section.name)
    if file is not None:
        there = flatten(file.root)
        for path, value in flatten(one.root).items():
            if _hidden(path) and there.get(path, value) != value:
                settings[_short(one.kind, path, one.section.name)] = HIDDEN_NEW
    return {"owner": owner, **settings, "loaded": True}


def file_state(kind: ObjectKind, file: ConfigFile, name: str, loaded: bool) -> t.Dict[str, t.Any]:
    """Return what a file holds of an object as a user reads it."""
    settings = _settings(kind, file.root, name)
    return {"owner": file.owner, **settings, "loaded": loaded}


def changed_settings(one: ConfigObject, file: ConfigFile) -> t.List[str]:
    """Say in words which settings of a file differ in meaning from the wanted ones."""
    there, wanted = flatten(file.root), flatten(one.root)
    meant_there, meant = meanings(file.root), meanings(one.root)
    changed = []
    for path in (*wanted, *(path for path in there if path not in wanted)):
        if path in there and path in wanted and meant_there[path] == meant[path]:
            continue
        short = _short(one.kind, path, one.section.name)
        if _hidden(path):
            changed.append(f"{short} differs")
        else:
            changed.append(f"{short} is {show(there.get(path))}, wanted {show(wanted.get(path))}")
    return changed


def _settings(kind: ObjectKind, root: Section, name: str) -> t.Dict[str, str]:
    return {
        _short(kind, path, name): HIDDEN if _hidden(path) else value
        for path, value in flatten(root).items()
    }


def _short(kind: ObjectKind, path: str, name: str) -> str:
    prefix = f"{kind.group}.{name}."
    return path.removeprefix(prefix)


def _hidden(path: str) -> bool:
    return path.rpartition(".")[2] in SECRET
