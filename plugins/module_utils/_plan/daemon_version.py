# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuse keywords and words of swanctl.conf that the running charon is too old for (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import ConflictError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import keys
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.versions import (
    Version,
    parse_version,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

Needs = t.Mapping[str, str]
"""The version that a setting needs, by its name or by C(name value)."""


def check_daemon_version(wanted: t.Sequence[ConfigObject], version: str) -> None:
    """Check that charon of this version takes all that the wanted connections set.

    :raises ConflictError: it is too old for something. An unknown version is taken as new.
    """
    running = parse_version(version)
    needs = {kind: _needs(table, running) for kind, table in keys.TABLES.items()} if running else {}
    if not any(needs.values()):
        return
    for one in wanted:
        _check(one.object, one.section, (one.kind.group, one.section.name), needs, version)


def _needs(table: keys.Table, running: Version) -> Needs:
    needs = {}
    for name, key in table.items():
        if _newer(key.since, running):
            needs[name] = key.since
        for choice, since in key.newer.items():
            if _newer(since, running):
                needs[f"{name} {choice}"] = since
    return needs


def _newer(since: str, running: Version) -> bool:
    return (parse_version(since) or ()) > running


def _check(
    what: str,
    section: Section,
    path: t.Tuple[str, ...],
    needs: t.Mapping[str, Needs],
    version: str,
) -> None:
    known = needs.get(keys.kind_of(path) or "", {})
    for name, value in section.settings.items() if known else ():
        for setting in (name, f"{name} {value}"):
            if setting in known:
                raise ConflictError(
                    f"{what}: {setting} needs strongSwan {known[setting]}, and the daemon is"
                    f" {version}; leave it out, or upgrade strongSwan"
                )
    for name, inner in section.sections.items():
        title = what if name == "children" else f"{what}: {_title(path)}{name}"
        _check(title, inner, (*path, name), needs, version)


def _title(path: t.Tuple[str, ...]) -> str:
    return "child " if path[2:] == ("children",) else ""
