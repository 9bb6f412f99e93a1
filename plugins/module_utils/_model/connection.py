# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection as the user wants it: parsed, checked and put into swanctl's words (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.other_settings import (
    certificate_sections,
    other_settings,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.settings import settings_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import keys
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    CONNECTION,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import (
    ConfigObject,
    check_name,
)

Options = t.Mapping[str, t.Any]


def parse_connection(entry: Options) -> ConfigObject:
    """Return the connection that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    name = check_name("connection", entry["name"])
    if entry["state"] == "absent":
        return ConfigObject(CONNECTION, name, Section(name), present=False)
    what = f"connection {name}"
    sections: t.Dict[str, Section] = {}
    for side, table in (("local", keys.LOCAL), ("remote", keys.REMOTE)):
        sections.update(_rounds(what, side, table, entry.get(side) or ()))
    children = _children(what, entry.get("children") or ())
    if children:
        sections["children"] = Section("children", {}, children)
    settings = _settings(what, "connection", keys.CONNECTION, entry)
    _check_mediation(what, settings)
    return ConfigObject(CONNECTION, name, Section(name, settings, sections))


def check_connections(wanted: t.Sequence[ConfigObject]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: a name, or the name of a child, is there twice.
    """
    names: t.Set[str] = set()
    holders: t.Dict[str, str] = {}
    for one in wanted:
        if one.name in names:
            raise InputError(f"{one.object}: it is in the list twice; keep one entry")
        names.add(one.name)
        for child in one.section.children("children"):
            holder = holders.setdefault(child, one.name)
            if holder != one.name:
                raise InputError(
                    f"{one.object}: its child '{child}' has the name of a child of connection"
                    f" {holder}: an updown script sees only the child's name; choose another one"
                )


def connection_result(wanted: ConfigObject) -> t.Dict[str, t.Any]:
    """Return a connection for the module's result: names and values as in its file."""
    result: t.Dict[str, t.Any] = {
        "name": wanted.name,
        "state": "present" if wanted.present else "absent",
    }
    result.update(_plain(wanted.section))
    return result


def _plain(section: Section) -> t.Dict[str, t.Any]:
    plain: t.Dict[str, t.Any] = {
        name: keys.split(value) if keys.is_list(name) else value
        for name, value in section.settings.items()
    }
    for name, inner in section.sections.items():
        plain[name] = _plain(inner)
    return plain


def _children(what: str, entries: t.Sequence[Options]) -> t.Dict[str, Section]:
    children: t.Dict[str, Section] = {}
    for entry in entries:
        name = check_name(f"{what}: child", entry.get("name") or "")
        if name in children:
            raise InputError(f"{what}: child '{name}' is there twice; keep one entry")
        settings = _settings(f"{what}: child {name}", "child", keys.CHILD, entry)
        children[name] = Section(name, settings)
    return children


def _rounds(
    what: str, side: str, table: t.Sequence[keys.Key], entries: t.Sequence[Options]
) -> t.Dict[str, Section]:
    """Return the sections of the authentication rounds: C(local), or C(local-1), C(local-2)."""
    rounds: t.Dict[str, Section] = {}
    numbers: t.Set[str] = set()
    for position, entry in enumerate(entries, start=1):
        several = len(entries) > 1
        where = f"{what}: {side} round {position}" if several else f"{what}: {side}"
        settings = _settings(where, side, table, entry)
        if several:
            settings.setdefault("round", str(position))
            if settings["round"] in numbers:
                raise InputError(
                    f"{where}: round {settings['round']} is there twice; number them differently"
                )
            numbers.add(settings["round"])
        _check_round(where, settings)
        name = f"{side}-{position}" if several else side
        certificates = certificate_sections(where, side, entry.get("settings"))
        rounds[name] = Section(name, settings, certificates)
    return rounds


def _check_mediation(what: str, settings: Options) -> None:
    """Refuse what crashes charon up to 5.9.9, with all tunnels: a peer that it has to guess."""
    if "mediated_by" in settings and "mediation_peer" not in settings:
        raise InputError(
            f"{what}: settings: mediated_by needs mediation_peer, the identity of the peer at the"
            " mediation server; add it"
        )


def _check_round(where: str, settings: Options) -> None:
    auth = settings.get("auth", "pubkey")  # swanctl's own default
    for option in ("certs", "cacerts", "ca_id", "pubkeys"):
        if option in settings and auth == "psk":
            raise InputError(f"{where}: {option} goes with certificates, and auth is psk; drop one")
    for option in ("eap_id", "aaa_id"):
        if option in settings and not auth.startswith("eap"):
            raise InputError(
                f"{where}: {option} goes with EAP, and auth is {auth}; give auth: eap or drop it"
            )
    if "xauth_id" in settings and not auth.startswith("xauth"):
        raise InputError(
            f"{where}: xauth_id goes with XAuth, and auth is {auth}; give auth: xauth or drop it"
        )


def _settings(
    what: str, kind: str, table: t.Sequence[keys.Key], entry: Options
) -> t.Dict[str, str]:
    """Return the settings of a section: those that are options, then those of O(settings)."""
    settings = settings_of(what, table, entry)
    if entry.get("settings"):
        settings.update(other_settings(what, kind, entry["settings"]))
    return settings
