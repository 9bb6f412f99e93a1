# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The secrets of a connection of ipsec.conf: parsed and checked, and never shown (pure)."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._errors import InputError
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.secrets import (
    KEYS,
    SHARED,
    Secret,
    write_value,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._ipsec_conf.wanted import (
    WantedConn,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
    parse_identity,
)

PSK_SHORT = 20  # characters; a shorter one can be guessed from a recorded handshake
PSK_SHORT_BYTES = 16  # the same for one given as bytes


def parse_secrets(what: str, entries: t.Sequence[t.Mapping[str, t.Any]]) -> t.Tuple[Secret, ...]:
    """Return the secrets that the entries want.

    :raises InputError: a value is missing or wrong, or two secrets are for the same.
    """
    secrets: t.List[Secret] = []
    for place, entry in enumerate(entries, start=1):
        secret = _secret(f"{what}: secret {place}", entry)
        same = [one for one in secrets if one.title == secret.title]
        if same:
            raise InputError(f"{what}: there are two secrets for {secret.title}; keep one")
        secrets.append(secret)
    return tuple(secrets)


def weaknesses(wanted: WantedConn) -> t.List[str]:
    """Return warnings of preshared keys that are too short to be safe."""
    return [
        f"{wanted.object}: the secret for {one.title}: a preshared key under {PSK_SHORT} characters"
        " can be guessed from a recorded handshake; use a longer, random one"
        for one in wanted.secrets
        if one.type == "PSK" and _is_short(one.value)
    ]


def _is_short(written: str) -> bool:
    data = decode_prefixed(written)
    return len(written) - 2 < PSK_SHORT if data is None else len(data) < PSK_SHORT_BYTES


def _secret(what: str, entry: t.Mapping[str, t.Any]) -> Secret:
    kind = entry.get("type") or "PSK"
    ids = tuple(_identity(what, text) for text in entry.get("ids") or ())
    file, value = entry.get("file") or "", entry.get("secret") or ""
    if kind in KEYS:
        if not file:
            raise InputError(f"{what}: file is missing: expected that of the {kind} key")
        if ids:
            raise InputError(
                f"{what}: ids go with {', '.join(SHARED)}, and type is {kind}; drop them"
            )
        _check_word(f"{what}: file", file)
    elif file:
        raise InputError(f"{what}: file goes with {', '.join(KEYS)}, and type is {kind}; drop it")
    elif not value:
        raise InputError(f"{what}: secret is missing: expected it where type is {kind}")
    return Secret(kind, ids, file, _value(what, value))


def _value(what: str, text: str) -> str:
    try:
        decode_prefixed(text)
    except ValueError as error:
        raise InputError(f"{what}: secret: {error}") from None
    return write_value(text) if text else ""


def _identity(what: str, text: str) -> str:
    try:
        parse_identity(text)
    except ValueError as error:
        raise InputError(f"{what}: ids '{text}': {error}") from None
    _check_word(f"{what}: ids", text)
    return text


def _check_word(what: str, text: str) -> None:
    """Check that a word can be quoted, and that charon does not find its separator in it."""
    if not text.isprintable() or ('"' in text and "'" in text) or " : " in text:
        raise InputError(
            f"{what} '{text}': ipsec.secrets cannot hold it: expected no ' : ' in it,"
            " and not both kinds of quotes"
        )
