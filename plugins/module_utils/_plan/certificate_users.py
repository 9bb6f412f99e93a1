# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who names a certificate: the connections that must load it anew when it changes (pure)."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.changes import Action, Change
from ansible_collections.ipsec.strongswan.plugins.module_utils._plan.config_file import Found
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.message import files_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section


@dataclass(frozen=True)
class Reload:
    """Load a connection anew, as its file has it: charon holds copies of its certificates."""

    object: str
    section: Section


def reloads(
    changed: t.Collection[str], found: Found, loaded: t.Container[str], swanctl: str
) -> t.List[Change[Reload]]:
    """Return the connections of charon whose certificates changed; O(changed) are their paths."""
    changes = []
    for section, paths in _naming(changed, found, swanctl):
        if section.name in loaded:
            what = f"{CONNECTION.title} {section.name}"
            reason = f"its certificate {', '.join(paths)} changes"
            state = {"certificates": ", ".join(paths)}
            step = Reload(what, section)
            changes.append(Change(what, (Action("load", reason),), state, state, (step,)))
    return changes


def warnings_of_loss(gone: t.Collection[str], found: Found, swanctl: str) -> t.List[str]:
    """Warn of connections whose certificates go away; O(gone) are their paths."""
    return [
        f"{CONNECTION.title} {section.name}: it names {', '.join(paths)}, which is removed; swanctl"
        " cannot load it any more. Remove it, or name another certificate"
        for section, paths in _naming(gone, found, swanctl)
    ]


def _naming(
    wanted: t.Collection[str], found: Found, swanctl: str
) -> t.Iterator[t.Tuple[Section, t.List[str]]]:
    if not wanted:
        return
    for file in found.files.values():
        for section in file.root.children(CONNECTION.group).values():
            paths = [path for path in _files(section, swanctl) if path in wanted]
            if paths:
                yield section, paths


def _files(section: Section, swanctl: str) -> t.List[str]:
    try:
        return files_of(section, swanctl)
    except ValueError:  # a file by hand may hold anything
        return []
