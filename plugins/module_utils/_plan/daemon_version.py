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

Needs = t.Mapping[str, t.Mapping[str, str]]
"""The version that a setting needs, by its name and its value, empty if any value needs it."""


def check_daemon_version(wanted: t.Sequence[ConfigObject], version: str) -> None:
    """Check that charon of this version takes all that the wanted connections set.

    :raises ConflictError: it is too old for something. An unknown version is taken as new.
    """
    running = parse_version(version)
    needs = {kind: _needs(table, running) for kind, table in keys.TABLES.items()} if running else {}
    names = {name for table in needs.values() for name in table}
    for one in wanted if names else ():
        if _uses(one.section, names):
            _check(one.object, one.section, (one.kind.group, one.section.name), needs, version)


def _uses(section: Section, names: t.AbstractSet[str]) -> bool:
    """Return whether a section, or one in it, sets one of these."""
    return not names.isdisjoint(section.settings) or any(
        _uses(inner, names) for inner in section.sections.values()
    )


def _needs(table: keys.Table, running: Version) -> Needs:
    needs: t.Dict[str, t.Dict[str, str]] = {}
    for name, key in table.items():
        for choice, since in (("", key.since), *key.newer.items()):
            if _newer(since, running):
                needs.setdefault(name, {})[choice] = since
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
    for name in known.keys() & section.settings.keys():
        choice = section.settings[name]
        setting = name if "" in known[name] else f"{name} {choice}"
        since = known[name].get("", known[name].get(choice))
        if since is not None:
            raise ConflictError(
                f"{what}: {setting} needs strongSwan {since}, and the daemon is {version};"
                " leave it out, or upgrade strongSwan"
            )
    for name, inner in section.sections.items():
        title = what if name == "children" else f"{what}: {_title(path)}{name}"
        _check(title, inner, (*path, name), needs, version)


def _title(path: t.Tuple[str, ...]) -> str:
    return "child " if path[2:] == ("children",) else ""
