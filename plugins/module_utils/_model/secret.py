# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A secret as the user wants it: parsed and checked (pure). No message shows the secret."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import SECRET
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
    parse_identity,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import (
    ConfigObject,
    check_name,
)

PSK_SHORT = 20  # characters; below that a preshared key can be guessed from a recorded handshake
PSK_SHORT_BYTES = 16  # the same for one given as 0x or 0s bytes


def parse_secret(entry: t.Mapping[str, t.Any]) -> ConfigObject:
    """Return the secret that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    name = check_name("secret", entry["name"])
    section = f"{entry['type']}-{name}"  # swanctl takes the type from the section's name
    if entry["state"] == "absent":
        return ConfigObject(SECRET, name, Section(section), present=False)
    settings = {
        f"id-{number}": _identity(name, text)
        for number, text in enumerate(entry.get("ids") or (), start=1)
    }
    settings["secret"] = _secret(name, entry.get("secret") or "")
    return ConfigObject(SECRET, name, Section(section, settings))


def check_secrets(wanted: t.Sequence[ConfigObject]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: a name is there twice.
    """
    names: t.Set[str] = set()
    for one in wanted:
        if one.name in names:
            raise InputError(f"{one.object}: it is in the list twice; keep one entry")
        names.add(one.name)


def weakness(wanted: ConfigObject) -> str:
    """Return a warning if the secret is too short to be safe, else nothing."""
    value = wanted.section.settings.get("secret", "")
    data = decode_prefixed(value) if value else None
    short = len(value) < PSK_SHORT if data is None else len(data) < PSK_SHORT_BYTES
    if not wanted.present or not short:
        return ""
    return (
        f"{wanted.object}: a preshared key under {PSK_SHORT} characters can be guessed from a"
        " recorded handshake; use a longer, random one"
    )


def secret_result(wanted: ConfigObject) -> t.Dict[str, t.Any]:
    """Return a secret for the module's result, without the secret."""
    kind, _dash, _name = wanted.section.name.partition("-")
    result: t.Dict[str, t.Any] = {
        "name": wanted.name,
        "state": "present" if wanted.present else "absent",
        "type": kind,
    }
    if wanted.present:
        settings = wanted.section.settings
        result["ids"] = [value for name, value in settings.items() if name.startswith("id-")]
    return result


def _identity(name: str, text: str) -> str:
    try:
        return parse_identity(text)
    except ValueError as error:
        raise InputError(f"secret {name}: ids '{text}': {error}") from None


def _secret(name: str, text: str) -> str:
    if not text:
        raise InputError(f"secret {name}: secret is missing: expected it where state is present")
    if "\0" in text:
        raise InputError(f"secret {name}: secret has a NUL byte: give it as 0x hexadecimal digits")
    try:
        decode_prefixed(text)
    except ValueError as error:
        raise InputError(f"secret {name}: secret: {error}") from None
    return text
