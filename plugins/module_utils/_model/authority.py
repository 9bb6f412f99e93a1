# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certification authority as the user wants it (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.settings import (
    Options,
    settings_of,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import (
    keys,
    pool_keywords,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    AUTHORITY,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import (
    ConfigObject,
    check_name,
)

SOURCES = ("cacert", "file", "handle")
"""Where the certificate may come from: one of these."""


def parse_authority(entry: Options) -> ConfigObject:
    """Return the authority that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    name = check_name("authority", entry["name"])
    if entry["state"] == "absent":
        return ConfigObject(AUTHORITY, name, Section(name), present=False)
    what = f"authority {name}"
    settings = settings_of(what, pool_keywords.AUTHORITY, entry)
    given = [source for source in SOURCES if source in settings]
    if len(given) != 1:
        found = " and ".join(given) + " are" if given else "none is"
        raise InputError(f"{what}: expected one of {', '.join(SOURCES)}; {found} given")
    for option in ("slot", "module"):
        if option in settings and "handle" not in settings:
            raise InputError(f"{what}: {option} goes with handle, for a certificate on a token")
    return ConfigObject(AUTHORITY, name, Section(name, settings))


def check_authorities(wanted: t.Sequence[ConfigObject]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: a name is there twice.
    """
    names: t.Set[str] = set()
    for one in wanted:
        if one.name in names:
            raise InputError(f"{one.object}: it is in the list twice; keep one entry")
        names.add(one.name)


def authority_result(wanted: ConfigObject) -> t.Dict[str, t.Any]:
    """Return an authority for the module's result: names and values as in its file."""
    result: t.Dict[str, t.Any] = {
        "name": wanted.name,
        "state": "present" if wanted.present else "absent",
    }
    for name, value in wanted.section.settings.items():
        result[name] = keys.split(value) if name in {"crl_uris", "ocsp_uris"} else value
    return result
