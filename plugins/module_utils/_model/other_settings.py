# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option O(settings): keywords of swanctl.conf without an option of their own (pure)."""

from __future__ import annotations

import difflib
import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.settings import setting_of
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl import keys
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import check_name

OPTION = "settings"
_TITLES = {
    "connection": "a connection",
    "local": "a local round",
    "remote": "a remote round",
    "child": "a child",
    "certificate": "a certificate",
}
_CERTIFICATES = {"local": ("cert",), "remote": ("cert", "cacert")}


def other_settings(what: str, kind: str, given: t.Any) -> t.Dict[str, str]:
    """Return the settings that the option asks for, in the order in which they were given.

    O(what) is the object, for messages; O(kind) the kind of its section, as in V(keys.TABLES).
    Sections in it are left to M(certificate_sections).

    :raises InputError: a keyword is unknown here, or its value is wrong.
    """
    settings: t.Dict[str, str] = {}
    for word, value in (given or {}).items():
        name = str(word)
        if value is None or _is_certificate(kind, name, value):
            continue
        key = keys.TABLES[kind].get(name)
        if key is None:
            raise InputError(f"{what}: {OPTION}: {_unknown(kind, name)}")
        if key.option:
            raise InputError(
                f"{what}: {OPTION}: {name} has an option of its own; give it there, beside {OPTION}"
            )
        settings[name] = setting_of(f"{what}: {OPTION}", key, _value(what, key, value))
    return settings


def certificate_sections(what: str, kind: str, given: t.Any) -> t.Dict[str, Section]:
    """Return the sections C(cert...) and C(cacert...) that the option of a round asks for.

    :raises InputError: a keyword in them is unknown, or its value is wrong.
    """
    sections: t.Dict[str, Section] = {}
    for name, value in (given or {}).items():
        if not _is_certificate(kind, str(name), value):
            continue
        check_name(f"{what}: {OPTION}: section", name)
        where = f"{what}: {OPTION}: {name}"
        settings = other_settings(where, "certificate", value)
        if ("file" in settings) == ("handle" in settings):
            raise InputError(f"{where}: expected either file or handle; give one of them")
        sections[name] = Section(name, settings)
    return sections


def _is_certificate(kind: str, name: str, value: t.Any) -> bool:
    return isinstance(value, dict) and name.startswith(_CERTIFICATES.get(kind, ()))


def _value(what: str, key: keys.Key, value: t.Any) -> t.Any:
    """Return a value as the option of a keyword takes it: a list may be given as a text."""
    if key.kind.many:
        return value if isinstance(value, list) else keys.split(str(value))
    if isinstance(value, (list, dict)):
        raise InputError(f"{what}: {OPTION}: {key.name} '{value}': expected one value")
    return value


def _unknown(kind: str, name: str) -> str:
    problem = f"'{name}' is no keyword of {_TITLES[kind]} in swanctl.conf"
    near = difflib.get_close_matches(name, keys.TABLES[kind], n=1)
    if near:
        return f"{problem}; did you mean '{near[0]}'?"
    homes = [
        _TITLES[other]
        for other, table in keys.TABLES.items()
        if name in table and other != "certificate"
    ]
    if homes:
        return f"{problem}; it is one of {' and of '.join(homes)}"
    return f"{problem}; swanctl.conf(5) lists them"
