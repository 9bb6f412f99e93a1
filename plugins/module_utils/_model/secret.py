# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A secret as the user wants it: parsed and checked (pure). No message shows the secret.

A shared secret is a section of swanctl.conf. A key or certificate is a file; the passphrase of a
key is a section, too, for swanctl, which reads it when it loads the file.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._model.credential import (
    Credential,
    parse_credential,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.credential_types import (
    SHARED,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.object_kinds import (
    PASSPHRASE,
    SECRET,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.section import Section
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
    parse_identity,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import (
    ConfigObject,
    check_name,
)

NT_HASH_BYTES = 16


@dataclass(frozen=True)
class SecretEntry:
    """What one entry wants: a section for swanctl.conf, a key or certificate, or both."""

    type: str
    config: t.Optional[ConfigObject] = None
    credential: t.Optional[Credential] = None

    @property
    def object(self) -> str:
        """How messages name it."""
        one = self.credential or self.config
        return one.object if one else ""


def parse_entry(entry: t.Mapping[str, t.Any]) -> SecretEntry:
    """Return what an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    kind = entry["type"]
    if kind in SHARED:
        return SecretEntry(kind, parse_secret(entry))
    credential = parse_credential(entry)
    return SecretEntry(kind, _passphrase(credential) if credential.is_key else None, credential)


def parse_secret(entry: t.Mapping[str, t.Any]) -> ConfigObject:
    """Return the shared secret that an entry wants.

    :raises InputError: a value is missing or wrong.
    """
    name = check_name("secret", entry["name"])
    kind = entry["type"]
    section = f"{kind}-{name}"  # swanctl takes the type from the section's name
    if entry["state"] == "absent":
        return ConfigObject(SECRET, name, Section(section), present=False)
    for option in ("content", "src"):
        if entry.get(option):
            raise InputError(
                f"secret {name}: {option} goes with keys and certificates, and type is {kind};"
                " give the value as secret"
            )
    settings = {
        f"id-{number}": _identity(name, text)
        for number, text in enumerate(entry.get("ids") or (), start=1)
    }
    settings["secret"] = _secret(name, kind, entry.get("secret") or "")
    return ConfigObject(SECRET, name, Section(section, settings))


def check_entries(wanted: t.Sequence[SecretEntry]) -> None:
    """Check the entries of a list against each other.

    :raises InputError: a name is there twice.
    """
    objects: t.Set[str] = set()
    for one in wanted:
        if one.object in objects:
            raise InputError(f"{one.object}: it is in the list twice; keep one entry")
        objects.add(one.object)


def entry_result(wanted: SecretEntry) -> t.Dict[str, t.Any]:
    """Return an entry for the module's result, without secret, key or passphrase."""
    credential = wanted.credential
    if credential is None:
        return secret_result(wanted.config) if wanted.config else {}
    result: t.Dict[str, t.Any] = {
        "name": credential.name,
        "state": "present" if credential.present else "absent",
        "type": wanted.type,
    }
    if credential.present:
        result["file"] = credential.file
        if credential.key_id:
            result["key_id"] = credential.key_id
        if credential.not_after:
            result["not_after"] = credential.not_after.strftime("%Y-%m-%dT%H:%M:%SZ")
    return result


def secret_result(wanted: ConfigObject) -> t.Dict[str, t.Any]:
    """Return a shared secret for the module's result, without the secret."""
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


def _passphrase(credential: Credential) -> ConfigObject:
    """Return the section with the passphrase of a key; absent for a key that has none."""
    name = f"{credential.type}-{credential.name}"
    if not credential.passphrase:
        return ConfigObject(PASSPHRASE, name, Section(name), present=False)
    file = credential.file.partition("/")[2]
    settings = {"file": file, "secret": credential.passphrase}
    return ConfigObject(PASSPHRASE, name, Section(name, settings))


def _identity(name: str, text: str) -> str:
    try:
        return parse_identity(text)
    except ValueError as error:
        raise InputError(f"secret {name}: ids '{text}': {error}") from None


def _secret(name: str, kind: str, text: str) -> str:
    if not text:
        raise InputError(f"secret {name}: secret is missing: expected it where state is present")
    if "\0" in text:
        raise InputError(f"secret {name}: secret has a NUL byte: give it as 0x hexadecimal digits")
    try:
        data = decode_prefixed(text)
    except ValueError as error:
        raise InputError(f"secret {name}: secret: {error}") from None
    if kind == "ntlm" and (data is None or len(data) != NT_HASH_BYTES):
        raise InputError(
            f"secret {name}: secret: expected the NT hash, {NT_HASH_BYTES} bytes as 0x hexadecimal"
            " digits or as 0s Base64; a password itself goes with type eap"
        )
    return text
