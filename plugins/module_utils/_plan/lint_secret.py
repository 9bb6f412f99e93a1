# Copyright: (c) 2026, the ipsec.strongswan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Warn of secrets that are too short to be safe (pure). No warning shows the secret."""

from __future__ import annotations

import typing as t

from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.values import (
    decode_prefixed,
)
from ansible_collections.ipsec.strongswan.plugins.module_utils._swanctl.wanted import ConfigObject

PSK_SHORT = 20  # characters; below that a preshared key can be guessed from a recorded handshake
PSK_SHORT_BYTES = 16  # the same for one given as 0x or 0s bytes
PPK_SHORT_BYTES = 32  # 256 bits, RFC 8784, 6


def lint_secrets(wanted: t.Iterable[ConfigObject]) -> t.List[str]:
    """Return a warning for each secret that is too short to be safe."""
    return [warning for warning in map(weakness, wanted) if warning]


def weakness(wanted: ConfigObject) -> str:
    """Return a warning if the secret is too short to be safe, else nothing."""
    value = wanted.section.settings.get("secret", "")
    if not wanted.present:
        return ""
    kind = wanted.section.name.partition("-")[0]
    data = decode_prefixed(value)
    if kind == "ike" and _short(value, data):
        return (
            f"{wanted.object}: a preshared key under {PSK_SHORT} characters can be guessed from a"
            " recorded handshake; use a longer, random one"
        )
    if kind == "ppk" and len(value.encode() if data is None else data) < PPK_SHORT_BYTES:
        return (
            f"{wanted.object}: a postquantum preshared key under {PPK_SHORT_BYTES} bytes does not"
            " withstand a quantum computer; use a longer, random one"
        )
    return ""


def _short(value: str, data: t.Optional[bytes]) -> bool:
    return len(value) < PSK_SHORT if data is None else len(data) < PSK_SHORT_BYTES
